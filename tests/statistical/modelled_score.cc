// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/modelled_score.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/check.h"

namespace commonwage::testing {
namespace {

using privacy::estimate::Estimate;
using privacy::estimate::Figures;
using privacy::estimate::Interval;
using privacy::estimate::QuantileFigure;
using privacy::estimate::SummaryRequest;
using privacy::estimate::SummaryResult;

// Cells with fewer modelled figures than this say nothing by themselves.
constexpr size_t kFewestDraws = 20;
// From here on a cell's coverage is taken as it is.
constexpr size_t kEnoughDraws = 100;
// Lines of fewer figures say nothing.
constexpr size_t kFewestFigures = 100;
// Errors are cut off here: one open-ended cell must not decide an RMSE.
constexpr double kMostError = 1;
// Where an interval is open, its half-width is counted up to here, in log.
constexpr double kGridEnd = 1;

bool Holds(const Interval& interval, double truth) {
  const double slack = 1e-9 * truth;
  return (interval.open_low || interval.low <= truth + slack) &&
         (interval.open_high || interval.high >= truth - slack);
}

double HalfWidthOf(const Estimate& estimate) {
  const Interval& interval = estimate.interval;
  return interval.open_low || interval.open_high
             ? kGridEnd
             : std::log(interval.high / interval.low) / 2;
}

double ErrorOf(const Estimate& estimate, double truth) {
  return std::min(std::abs(std::log(estimate.value / truth)), kMostError);
}

double MiddleOf(std::vector<double> values) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double RootMeanSquare(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value * value;
  }
  return std::sqrt(sum / static_cast<double>(values.size()));
}

void Append(const std::vector<double>& from, std::vector<double>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

SummaryResult Ask(const Figures& figures, const TableTruth& truth,
                  bool modelled) {
  SummaryRequest request;
  request.by = truth.by;
  request.quantiles.assign(kScoredQuantiles.begin(), kScoredQuantiles.end());
  request.modelled = modelled;
  return figures.Summarize(request).value();
}

}  // namespace

ModelledScore::ModelledScore(TableTruth truth) : truth_(std::move(truth)) {
  for (std::vector<Cell>& cells : cells_) {
    cells.resize(truth_.workers.size());
  }
}

void ModelledScore::Add(const Figures& figures) {
  const SummaryResult plain = Ask(figures, truth_, false);
  const SummaryResult modelled = Ask(figures, truth_, true);
  COMMONWAGE_CHECK(plain.cells.size() == truth_.workers.size());
  ++draws_;
  for (size_t i = 0; i < plain.cells.size(); ++i) {
    if (plain.cells[i].figures.has_value()) {
      AddCell(i, plain.cells[i].figures->quantiles,
              modelled.cells[i].figures->quantiles);
    }
  }
}

void ModelledScore::AddCell(size_t i, absl::Span<const QuantileFigure> plain,
                            absl::Span<const QuantileFigure> modelled) {
  for (size_t q = 0; q < kScoredQuantiles.size(); ++q) {
    const Estimate& own = plain[q].wage;
    const Estimate& drawn = modelled[q].wage;
    if (!drawn.modelled) {
      continue;
    }
    const double truth = truth_.quantiles[i][q];
    Cell& cell = cells_[q][i];
    cell.plain_errors.push_back(ErrorOf(own, truth));
    cell.modelled_errors.push_back(ErrorOf(drawn, truth));
    cell.plain_half_widths.push_back(HalfWidthOf(own));
    cell.modelled_half_widths.push_back(HalfWidthOf(drawn));
    cell.plain_held += Holds(own.interval, truth) ? 1 : 0;
    cell.modelled_held += Holds(drawn.interval, truth) ? 1 : 0;
  }
}

void ModelledScore::PrintHead() {
  std::printf(
      "%-26s %-5s %-6s %6s  %-13s %-13s %-12s %-12s %-13s\n%46s  %6s %6s "
      "%6s %6s %5s %6s %5s %6s %6s %6s\n",
      "", "", "", "shown", "median |err|", "RMSE", "coverage", "worst cell",
      "half-width", "a draw", "plain", "model", "plain", "model", "plain",
      "model", "plain", "model", "plain", "model");
}

int ModelledScore::Print(const Conditions& conditions) const {
  static constexpr std::array kByClass = {
      Class{"<30", 0, 30, false}, Class{"30-59", 30, 60, true},
      Class{"60-99", 60, 100, true}, Class{"100+", 100, 1000000, false}};
  static constexpr std::array kTogether = {Class{"30-99", 30, 100, true}};
  const absl::Span<const Class> sizes =
      conditions.by_class ? absl::Span<const Class>(kByClass)
                          : absl::Span<const Class>(kTogether);
  int failures = 0;
  for (size_t q = 0; q < kScoredQuantiles.size(); ++q) {
    for (const Class& size : sizes) {
      failures += PrintLine(q, size, conditions) ? 0 : 1;
    }
  }
  return failures;
}

ModelledScore::Cell ModelledScore::Together(size_t quantile,
                                            const Class& size) const {
  Cell all;
  for (size_t i = 0; i < truth_.workers.size(); ++i) {
    if (!size.Has(truth_.workers[i])) {
      continue;
    }
    const Cell& cell = cells_[quantile][i];
    Append(cell.plain_errors, all.plain_errors);
    Append(cell.modelled_errors, all.modelled_errors);
    Append(cell.plain_half_widths, all.plain_half_widths);
    Append(cell.modelled_half_widths, all.modelled_half_widths);
    all.plain_held += cell.plain_held;
    all.modelled_held += cell.modelled_held;
  }
  return all;
}

ModelledScore::Worst ModelledScore::WorstOf(size_t quantile, const Class& size,
                                            double least) const {
  Worst worst;
  for (size_t i = 0; i < truth_.workers.size(); ++i) {
    const Cell& cell = cells_[quantile][i];
    const size_t draws = cell.plain_errors.size();
    if (!size.Has(truth_.workers[i]) || draws < kFewestDraws) {
      continue;
    }
    const auto of = static_cast<double>(draws);
    worst.plain = std::min(worst.plain, cell.plain_held / of);
    worst.modelled = std::min(worst.modelled, cell.modelled_held / of);
    const double slack =
        draws < kEnoughDraws ? 2 * std::sqrt(least * (1 - least) / of) : 0;
    worst.holds &= cell.modelled_held / of >= least - slack;
  }
  return worst;
}

bool ModelledScore::PrintLine(size_t quantile, const Class& size,
                              const Conditions& conditions) const {
  const Cell all = Together(quantile, size);
  if (all.plain_errors.empty()) {
    return true;
  }
  const auto of = static_cast<double>(all.plain_errors.size());
  const Worst worst = WorstOf(quantile, size, conditions.least_in_a_cell);
  const double plain_error = MiddleOf(all.plain_errors);
  const double error = MiddleOf(all.modelled_errors);
  const double plain_rmse = RootMeanSquare(all.plain_errors);
  const double rmse = RootMeanSquare(all.modelled_errors);
  const bool is_good = (!conditions.nearer || error < plain_error) &&
                       rmse <= conditions.most_rmse_ratio * plain_rmse &&
                       all.modelled_held >= conditions.least_coverage * of &&
                       worst.holds;
  const bool fails =
      size.is_judged && !is_good && all.plain_errors.size() >= kFewestFigures;
  std::printf(
      "%-26s p%02.0f   %-6s %6.1f  %6.1f %6.1f %6.1f %6.1f  %5.1f %6.1f %5.1f "
      "%6.1f %6.1f %6.1f%s\n",
      truth_.name.c_str(), 100 * kScoredQuantiles[quantile], size.name,
      of / draws_, 100 * plain_error, 100 * error, 100 * plain_rmse, 100 * rmse,
      100 * all.plain_held / of, 100 * all.modelled_held / of,
      100 * worst.plain, 100 * worst.modelled,
      100 * MiddleOf(all.plain_half_widths),
      100 * MiddleOf(all.modelled_half_widths), fails ? " !" : "");
  return !fails;
}

}  // namespace commonwage::testing
