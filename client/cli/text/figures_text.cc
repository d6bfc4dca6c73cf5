// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/figures_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "client/cli/text/chart.h"
#include "client/cli/text/columns.h"
#include "client/cli/text/estimate_text.h"
#include "client/cli/text/figures_words.h"
#include "client/cli/text/quantile_table.h"
#include "client/cli/text/words.h"

namespace commonwage::client::cli {
namespace {

constexpr double kSameQuantile = 1e-9;

std::optional<v1::Estimate> QuantileOf(const v1::CellFigures& figures,
                                       double p) {
  for (const v1::QuantileEstimate& quantile : figures.quantiles()) {
    if (std::abs(quantile.p() - p) < kSameQuantile) {
      return quantile.wage();
    }
  }
  return std::nullopt;
}

// "0 %, at most 2.4 %": at an end the interval's other side is all there is.
std::string ShareInWords(const v1::Estimate& share) {
  const std::string at_most =
      absl::StrCat("at most ", Percent(share.interval().high()));
  const std::string at_least =
      absl::StrCat("at least ", Percent(share.interval().low()));
  const std::string outside =
      " (the rate lies outside the pay grid, so only a bound is known)";
  if (share.position() == v1::POSITION_BELOW) {
    return at_most + outside;
  }
  if (share.position() == v1::POSITION_ABOVE) {
    return at_least + outside;
  }
  if (share.value() <= 0) {
    return "0 %, " + at_most;
  }
  return share.value() >= 1
             ? "100 %, " + at_least
             : absl::StrCat(RangeText(share), ", ", Percent(share.value()));
}

std::string ShareText(const v1::ShareEstimate& share, const Unit& unit) {
  const v1::Estimate& estimate = share.share();
  return absl::StrCat(
      "paid less than ",
      Money(static_cast<double>(share.rate()), unit.minor_unit_exponent), ": ",
      ShareInWords(estimate),
      estimate.interpolated() ? " (between two edges of the grid)" : "", ", ",
      QualityWord(estimate));
}

std::string Sparkline(const v1::CellFigures& figures) {
  static constexpr std::array<const char*, 8> kSteps = {"▁", "▂", "▃", "▄",
                                                        "▅", "▆", "▇", "█"};
  double highest = 0;
  for (const v1::HistogramBin& bin : figures.histogram()) {
    highest = std::max(highest, bin.share());
  }
  std::string line;
  for (const v1::HistogramBin& bin : figures.histogram()) {
    const double share = highest > 0 ? bin.share() / highest : 0;
    // What is no number is drawn as nothing.
    const double within = share > 0 ? std::min(share, 1.0) : 0;
    line += kSteps.at(static_cast<size_t>(std::lround(within * 7)));
  }
  return line;
}

// What was asked for besides quantiles.
std::vector<std::string> ExtrasOf(const v1::CellFigures& figures,
                                  const Unit& unit) {
  std::vector<std::string> lines;
  if (figures.has_trimmed_mean()) {
    lines.push_back(absl::StrCat(
        "mean of the middle 80 %: ", IntervalText(figures.trimmed_mean(), unit),
        ", ", ValueText(figures.trimmed_mean(), unit), ", ",
        QualityWord(figures.trimmed_mean())));
  }
  for (const v1::ShareEstimate& share : figures.shares_below()) {
    lines.push_back(ShareText(share, unit));
  }
  if (!figures.histogram().empty()) {
    lines.push_back(absl::StrCat("from the lowest pay to the highest: ",
                                 Sparkline(figures)));
  }
  if (figures.near_threshold()) {
    lines.emplace_back(
        "close to the threshold: such groups are shown more often when their "
        "count came out high");
  }
  return lines;
}

// Says how to cite a row, and how another row's citation differs: in its key.
void TellCitation(
    const google::protobuf::RepeatedPtrField<v1::CellSummary>& cells,
    const Page& page) {
  if (cells.empty()) {
    return;
  }
  std::cout << "Cite a row as: " << Plain(cells[0].citation()) << '\n';
  if (cells.size() == 1 || cells[0].key().empty()) {
    return;
  }
  std::cout << Folded(
      absl::StrCat("Another row: the same with its own values, [",
                   Plain(absl::StrJoin(
                       cells[0].key(), ",",
                       [](std::string* out, const auto& coordinate) {
                         absl::StrAppend(out, coordinate.dimension(), "=VALUE");
                       })),
                   "]; | stands between values added up."),
      "", page.width);
}

// Whether model error has a part in a median.
bool IsModelled(const v1::SummarizeResponse& response) {
  return std::any_of(response.cells().begin(), response.cells().end(),
                     [](const v1::CellSummary& cell) {
                       const auto median = QuantileOf(cell.figures(), 0.5);
                       return median.has_value() && median->model_sd() > 0;
                     });
}

void TellLegend(const v1::SummarizeResponse& response, const Page& page) {
  std::cout
      << '\n'
      << Folded(
             absl::StrCat(
                 "├──●──┤ from the 10th to the 90th percentile, ● the median, "
                 "on the scale whose ends stand above. ",
                 QualitiesInWords(),
                 " ( ) too uncertain to quote as one number. m: modelled. …, < "
                 "and >: beyond the public grid. Intervals hold in 95 of 100 "
                 "rounds",
                 response.simultaneous() ? ", all of them at once. " : ". ",
                 "Withheld: nothing is said of the group, not even why. "
                 "Answers: how many there are, as a 95 % interval. Noise: how "
                 "much of the median's uncertainty comes from the noise that "
                 "protects people; the rest comes from who answered",
                 IsModelled(response)
                     ? ". Model, in modelled figures: how much comes from "
                       "taking a small group to be like its kin, which no "
                       "chance evens out."
                     : "."),
             "", page.width);
}

// Says in one sentence how far false answers could have moved the medians.
void TellRobustness(const v1::SummarizeResponse& response, const Page& page) {
  std::vector<std::pair<double, std::string>> shifts;
  size_t unknown = 0;
  for (const v1::CellSummary& cell : response.cells()) {
    for (const v1::QuantileEstimate& quantile : cell.figures().quantiles()) {
      if (quantile.p() == 0.5 && quantile.has_shift_by_k_false()) {
        shifts.emplace_back(quantile.shift_by_k_false(), LabelOf(cell.key()));
      } else if (quantile.p() == 0.5) {
        ++unknown;
      }
    }
  }
  if (shifts.empty() && unknown == 0) {
    return;
  }
  std::sort(shifts.begin(), shifts.end());
  std::string text =
      absl::StrCat(response.release().k(),
                   " false answers in a group can have moved its median ");
  if (!shifts.empty()) {
    absl::StrAppend(&text, "by about ", Percent(shifts.front().first), " (",
                    shifts.front().second, ")");
  }
  if (shifts.size() > 1) {
    absl::StrAppend(&text, " to ", Percent(shifts.back().first), " (",
                    shifts.back().second, ")");
  }
  if (unknown > 0) {
    absl::StrAppend(
        &text, shifts.empty() ? "" : ", and ",
        "farther than can be told in groups of this table: ", unknown);
  }
  std::cout << Folded(text + ".", "", page.width);
}

// The label of simultaneous intervals, above their table.
std::string SimultaneousText(const v1::SummarizeResponse& response,
                             const Page& page) {
  if (!response.simultaneous()) {
    return "";
  }
  return Folded(absl::StrFormat("Simultaneous intervals: all %d of this answer "
                                "hold at once in 95 of 100 "
                                "rounds, so that each may miss in 1 of %.0f "
                                "only. Whoever asks for less "
                                "gets narrower ones (--quantile 0.5).",
                                response.intervals_at_once(),
                                1 / (1 - response.confidence())),
                "", page.width);
}

// The quantiles of a group that the chart has no numbers for.
QuantileRow OtherQuantilesOf(const v1::CellSummary& cell) {
  QuantileRow row = {LabelOf(cell.key()), {}};
  std::copy_if(cell.figures().quantiles().begin(),
               cell.figures().quantiles().end(),
               std::back_inserter(row.quantiles),
               [](const v1::QuantileEstimate& quantile) {
                 return std::abs(quantile.p() - 0.5) >= kSameQuantile;
               });
  return row;
}

std::string OtherQuantiles(const v1::SummarizeResponse& response,
                           const Unit& unit, const Page& page) {
  std::vector<QuantileRow> rows;
  for (const v1::CellSummary& cell : response.cells()) {
    QuantileRow row = OtherQuantilesOf(cell);
    if (!row.quantiles.empty()) {
      rows.push_back(std::move(row));
    }
  }
  return rows.empty() ? ""
                      : absl::StrCat("\n", QuantileTable(rows, unit, page));
}

ChartRow RowOf(const v1::CellSummary& cell) {
  ChartRow row;
  row.label = LabelOf(cell.key());
  if (!cell.has_figures()) {
    return row;
  }
  row.shown = true;
  row.median = QuantileOf(cell.figures(), 0.5);
  row.p10 = QuantileOf(cell.figures(), 0.1);
  row.p90 = QuantileOf(cell.figures(), 0.9);
  if (cell.figures().has_count()) {
    row.count = cell.figures().count();
  }
  return row;
}

// Explains sums that are withheld, if there are any.
void TellWithheldSums(const v1::SummarizeResponse& response, const Page& page) {
  const bool any = std::any_of(
      response.cells().begin(), response.cells().end(),
      [](const v1::CellSummary& cell) { return cell.has_withheld(); });
  if (any && response.has_coarser_table()) {
    std::cout << Folded(CoarserText(response.coarser_table()), "", page.width);
  }
}

}  // namespace

void TellSummary(const v1::SummarizeResponse& response, const Page& page) {
  const v1::ReleaseReference& release = response.release();
  const Unit unit = {release.minor_unit_exponent()};
  std::vector<ChartRow> rows;
  bool has_median = false;
  for (const v1::CellSummary& cell : response.cells()) {
    rows.push_back(RowOf(cell));
    has_median = has_median || rows.back().median.has_value();
  }
  std::cout << RoundOf(release.name()) << ": " << (has_median ? "Median " : "")
            << PayInWords(Plain(release.period()), Plain(release.currency()))
            << "\n"
            << SimultaneousText(response, page) << "\n"
            << Chart(rows, unit, page) << OtherQuantiles(response, unit, page);
  std::string extras;
  for (const v1::CellSummary& cell : response.cells()) {
    for (const std::string& line : ExtrasOf(cell.figures(), unit)) {
      extras +=
          Folded(absl::StrCat(LabelOf(cell.key()), ": ", line), "", page.width);
    }
  }
  std::cout << (extras.empty() ? "" : "\n") << extras;
  TellLegend(response, page);
  TellWithheldSums(response, page);
  TellRobustness(response, page);
  TellCitation(response.cells(), page);
  std::cout << SourceOf(release, page);
}

}  // namespace commonwage::client::cli
