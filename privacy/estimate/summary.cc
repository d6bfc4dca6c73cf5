// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/summary.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "base/status_macros.h"
#include "privacy/estimate/count.h"
#include "privacy/estimate/modelled_quantiles.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/robustness.h"
#include "privacy/estimate/selection.h"
#include "privacy/estimate/share.h"
#include "privacy/estimate/trimmed_mean.h"
#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {
namespace {

// At most this many quantiles, and this many rates, in a request.
constexpr size_t kMaxFigures = 32;

// What is computed when nothing in particular is asked for.
constexpr double kQuartiles[] = {0.25, 0.5, 0.75};

std::vector<Fault> FaultsOfStatistics(const SummaryRequest& request) {
  std::vector<Fault> faults;
  for (size_t i = 0; i < request.quantiles.size(); ++i) {
    CheckQuantile(request.quantiles[i], absl::StrCat("quantiles[", i, "]"),
                  faults);
  }
  for (size_t i = 0; i < request.shares_below.size(); ++i) {
    if (request.shares_below[i] <= 0) {
      faults.push_back({absl::StrCat("shares_below[", i, "]"),
                        "A rate is more than 0 minor units."});
    }
  }
  if (request.quantiles.size() > kMaxFigures) {
    faults.push_back({"quantiles", "At most 32 quantiles at a time."});
  }
  if (request.shares_below.size() > kMaxFigures) {
    faults.push_back({"shares_below", "At most 32 rates at a time."});
  }
  if (request.modelled && request.simultaneous) {
    faults.push_back(
        {"simultaneous", "Modelled figures hold one by one only."});
  }
  for (size_t i = 0; i < request.add.size(); ++i) {
    if (std::find(request.by.begin(), request.by.end(), request.add[i]) ==
        request.by.end()) {
      faults.push_back({absl::StrCat("add[", i, "]"),
                        "Only dimensions of the table can be added over."});
    }
  }
  return faults;
}

// The rows of a table: each a choice of values taken together, in plan order.
std::vector<ChosenValues> ListRows(const Marginal& marginal,
                                   const ChosenValues& chosen,
                                   const std::vector<std::string>& add) {
  std::vector<ChosenValues> rows = {{}};
  for (size_t d = 0; d < chosen.size(); ++d) {
    const bool together =
        std::find(add.begin(), add.end(), marginal.by[d]) != add.end();
    std::vector<ChosenValues> finer;
    for (const ChosenValues& row : rows) {
      if (together) {
        finer.push_back(row);
        finer.back().push_back(chosen[d]);
        continue;
      }
      for (const size_t value : chosen[d]) {
        finer.push_back(row);
        finer.back().push_back({value});
      }
    }
    rows = std::move(finer);
  }
  return rows;
}

// Turns all figures of a cell near the threshold grey.
void TurnGrey(CellFigures& figures) {
  const auto turn = [](Estimate& figure) { figure.quality = Quality::kPoor; };
  if (figures.count.has_value()) {
    turn(*figures.count);
  }
  if (figures.trimmed_mean.has_value()) {
    turn(*figures.trimmed_mean);
  }
  for (QuantileFigure& figure : figures.quantiles) {
    turn(figure.wage);
  }
  for (ShareFigure& figure : figures.shares_below) {
    turn(figure.share);
  }
  for (Estimate& figure : figures.histogram) {
    turn(figure);
  }
}

CellFigures ComputeFigures(const SummaryRequest& request,
                           const model::CellSum& sum, int64_t k,
                           const model::Critical& critical) {
  CellFigures figures;
  if (request.count) {
    const double least =
        static_cast<double>(k) * static_cast<double>(sum.parts);
    figures.count = EstimateCount(sum.cdf, least, critical);
  }
  for (const double p : request.quantiles) {
    figures.quantiles.push_back({p, WageOf(FindQuantile(sum.cdf, p, critical)),
                                 FindShiftByFalse(sum.cdf, p, k)});
  }
  if (request.histogram) {
    figures.histogram = EstimateHistogram(sum.cdf, critical);
  }
  if (request.trimmed_mean) {
    figures.trimmed_mean = EstimateTrimmedMean(sum.cdf, critical);
  }
  for (const int64_t rate : request.shares_below) {
    figures.shares_below.push_back(
        {rate, EstimateShareBelow(sum.cdf, rate, critical)});
  }
  figures.near_threshold = sum.near_threshold;
  if (sum.near_threshold) {
    TurnGrey(figures);
  }
  return figures;
}

// Replaces the quantiles of single cells by modelled ones where these are
// offered.
void ModelQuantiles(absl::Span<const model::MarginalView> views, size_t index,
                    const std::vector<std::vector<size_t>>& row_cells,
                    SummaryResult& result) {
  ModelledQuantiles modelled(views, index);
  for (size_t row = 0; row < result.cells.size(); ++row) {
    std::optional<CellFigures>& figures = result.cells[row].figures;
    if (!figures.has_value() || row_cells[row].size() != 1) {
      continue;
    }
    for (QuantileFigure& figure : figures->quantiles) {
      const auto quantile =
          modelled.QuantileOf(row_cells[row].front(), figure.p);
      figure.wage = quantile.has_value() ? WageOf(*quantile) : figure.wage;
    }
    // Those that were put in brought words of their own.
    if (figures->near_threshold) {
      TurnGrey(*figures);
    }
  }
}

bool AsksNothing(const SummaryRequest& request) {
  return !request.count && request.quantiles.empty() && !request.histogram &&
         !request.trimmed_mean && request.shares_below.empty();
}

// How many intervals one shown cell's figures have.
size_t IntervalsOf(const SummaryRequest& request, size_t bins) {
  return (request.count ? 1 : 0) + request.quantiles.size() +
         (request.histogram ? bins : 0) + (request.trimmed_mean ? 1 : 0) +
         request.shares_below.size();
}

}  // namespace

struct Figures::Parts {
  Manifest manifest;
  Release release;
  std::vector<model::MarginalView> marginals;  // Of `manifest` and `release`.
};

Figures::Figures(std::unique_ptr<const Parts> parts)
    : parts_(std::move(parts)) {}
Figures::Figures(Figures&&) noexcept = default;
Figures& Figures::operator=(Figures&&) noexcept = default;
Figures::~Figures() = default;

absl::StatusOr<Figures> Figures::Of(Manifest manifest, Release release) {
  COMMONWAGE_RETURN_IF_ERROR(CheckReleaseAgainst(release, manifest));
  // On the heap, as the views point at plan and release, and figures may move.
  auto parts = std::make_unique<Parts>();
  parts->manifest = std::move(manifest);
  parts->release = std::move(release);
  const Plan& plan = parts->manifest.plan;
  parts->marginals.reserve(plan.marginals.size());
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    parts->marginals.emplace_back(plan, parts->release, m);
  }
  return Figures(std::move(parts));
}

const Manifest& Figures::manifest() const { return parts_->manifest; }
const Release& Figures::release() const { return parts_->release; }
absl::Span<const model::MarginalView> Figures::marginals() const {
  return parts_->marginals;
}

absl::StatusOr<SummaryResult> Figures::Summarize(
    const SummaryRequest& request) const {
  const std::vector<Fault> faults = FaultsOfStatistics(request);
  if (!faults.empty()) {
    return FaultyRequest(faults);
  }
  const Plan& plan = parts_->manifest.plan;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const size_t index, FindMarginalBy(plan, request.measure, request.by));
  const model::MarginalView& view = parts_->marginals[index];
  const Marginal& marginal = view.marginal();
  COMMONWAGE_ASSIGN_OR_RETURN(
      const ChosenValues chosen,
      ChooseValues(plan, marginal, request.where, "where"));

  SummaryRequest statistics = request;
  if (AsksNothing(request)) {
    statistics.count = true;
    statistics.quantiles.assign(std::begin(kQuartiles), std::end(kQuartiles));
  }
  SummaryResult result;
  result.round_id = parts_->release.round_id;
  result.marginal = marginal.id;
  result.measure = marginal.measure;
  result.by = marginal.by;

  std::vector<std::optional<model::CellSum>> sums;
  std::vector<std::vector<size_t>> row_cells;
  size_t shown = 0;
  const std::vector<ChosenValues> rows =
      ListRows(marginal, chosen, request.add);
  result.coarser = FindCoarserTable(plan, marginal, rows.front());
  for (const ChosenValues& row : rows) {
    row_cells.push_back(CellsOf(view.cells(), row));
    sums.push_back(view.AddUp(row_cells.back()));
    if (sums.back().has_value()) {
      ++shown;
    }
    result.cells.push_back({NamesOf(plan, marginal, row), std::nullopt});
  }
  double miss = model::kMiss;
  if (request.simultaneous) {
    // Bonferroni holds however figures depend on each other, and those of one
    // release do. A withheld cell states no interval that could miss.
    const size_t at_once =
        shown * IntervalsOf(statistics, view.model().grid.bins());
    result.simultaneous = true;
    result.intervals_at_once = static_cast<int64_t>(at_once);
    miss /= static_cast<double>(std::max(at_once, size_t{1}));
  }
  result.confidence = 1 - miss;
  const model::Critical critical =
      model::FindCritical(miss, marginal.mechanism);
  for (size_t row = 0; row < sums.size(); ++row) {
    if (sums[row].has_value()) {
      result.cells[row].figures =
          ComputeFigures(statistics, *sums[row], plan.k, critical);
    }
  }
  if (request.modelled) {
    ModelQuantiles(parts_->marginals, index, row_cells, result);
  }
  return result;
}

}  // namespace commonwage::privacy::estimate
