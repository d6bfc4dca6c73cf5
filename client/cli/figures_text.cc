// SPDX-License-Identifier: Apache-2.0
#include "client/cli/figures_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "client/cli/chart.h"
#include "client/cli/words.h"

namespace commonwage::client::cli {
namespace {

// Text of a server cannot play tricks with the terminal: identifiers and
// citations are plain ASCII.
std::string Plain(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

std::string LabelOf(
    const google::protobuf::RepeatedPtrField<v1::CellCoordinate>& key) {
  const std::string label =
      absl::StrJoin(key, ", ", [](std::string* out, const auto& coordinate) {
        out->append(absl::StrJoin(coordinate.values(), " + "));
      });
  return label.empty() ? "all workers" : Plain(label);
}

std::optional<v1::Estimate> QuantileOf(const v1::CellFigures& figures,
                                       double p) {
  for (const v1::QuantileEstimate& quantile : figures.quantiles()) {
    if (std::abs(quantile.p() - p) < 1e-9) {
      return quantile.wage();
    }
  }
  return std::nullopt;
}

std::string RangeText(const v1::Estimate& estimate) {
  const v1::Interval& interval = estimate.interval();
  return absl::StrCat(interval.open_low() ? "…" : Percent(interval.low()),
                      " to ",
                      interval.open_high() ? "…" : Percent(interval.high()));
}

std::string ShareText(const v1::ShareEstimate& share, const Unit& unit) {
  const v1::Estimate& estimate = share.share();
  const std::string text = absl::StrCat(
      "paid less than ",
      Money(static_cast<double>(share.rate()), unit.minor_unit_exponent), ": ",
      RangeText(estimate));
  if (estimate.off_grid()) {
    return absl::StrCat(text,
                        " (outside the pay grid, so only a range is known)");
  }
  return absl::StrCat(
      text, ", ", Percent(estimate.value()),
      estimate.interpolated() ? " (between two steps of the grid)" : "", ", ",
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
    const double share = highest > 0 ? std::max(bin.share(), 0.0) / highest : 0;
    line += kSteps.at(static_cast<size_t>(std::lround(share * 7)));
  }
  return line;
}

// What was asked for besides the quantiles of the chart.
std::vector<std::string> ExtrasOf(const v1::CellFigures& figures,
                                  const Unit& unit) {
  std::vector<std::string> lines;
  for (const v1::QuantileEstimate& quantile : figures.quantiles()) {
    const double p = quantile.p();
    if (p != 0.1 && p != 0.25 && p != 0.5 && p != 0.75 && p != 0.9) {
      lines.push_back(absl::StrFormat(
          "p%g: %s, %s, %s", p * 100, IntervalText(quantile.wage(), unit),
          ValueText(quantile.wage(), unit), QualityWord(quantile.wage())));
    }
  }
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

std::string SourceOf(const v1::ReleaseReference& release) {
  return absl::StrCat(
      "Source: ", Plain(release.name()), ", sha256 ",
      absl::BytesToHexString(release.release_digest()), ", k = ", release.k(),
      release.closed_early() ? ", closed early" : "", ".\n",
      release.admission() == v1::ADMISSION_CREDENTIAL
          ? "Members only, one answer each. "
          : "Unverified: anybody could answer, any number of times. ",
      "Answers are what people said, not a sample of all.\n");
}

// Says how to cite a row, and how another row's citation differs: in its key.
void TellCitation(
    const google::protobuf::RepeatedPtrField<v1::CellSummary>& cells) {
  if (cells.empty()) {
    return;
  }
  std::cout << "Cite a row as: " << Plain(cells[0].citation()) << '\n';
  if (cells.size() == 1 || cells[0].key().empty()) {
    return;
  }
  std::cout << "Another row: the same with its own values, ["
            << Plain(absl::StrJoin(
                   cells[0].key(), ",",
                   [](std::string* out, const auto& coordinate) {
                     absl::StrAppend(out, coordinate.dimension(), "=VALUE");
                   }))
            << "]; | stands between values added up.\n";
}

void TellLegend(bool simultaneous) {
  std::cout << "\n├──●──┤ from the 10th to the 90th percentile, ● the median. "
               "( ) too uncertain to\nquote as one number. m: modelled. …: "
               "beyond the public grid. "
            << (simultaneous ? "Intervals hold for all\ngroups at once in 95 "
                               "of 100 rounds. "
                             : "Intervals hold in 95 of\n100 rounds. ")
            << "Withheld: nothing is said of the group, not even why.\n"
               "People: how many answered, as a 95 % interval. Noise/chance: "
               "how much of the median's\nuncertainty comes from the noise "
               "that protects people, and from who happened to answer.\n";
}

// Says in one sentence how far false answers could have moved the medians.
void TellRobustness(const v1::SummarizeResponse& response) {
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
  std::cout << response.release().k()
            << " false answers in a group can have moved its median by about ";
  if (!shifts.empty()) {
    std::cout << Percent(shifts.front().first) << " (" << shifts.front().second
              << ")";
  }
  if (shifts.size() > 1) {
    std::cout << " to " << Percent(shifts.back().first) << " ("
              << shifts.back().second << ")";
  }
  if (unknown > 0) {
    std::cout << (shifts.empty() ? "" : ", and ") << "farther than can be told"
              << " in groups of this table: " << unknown;
  }
  std::cout << ".\n";
}

// The label of simultaneous intervals, above their table.
std::string SimultaneousText(const v1::SummarizeResponse& response) {
  return response.simultaneous()
             ? absl::StrFormat(
                   "Simultaneous intervals: those of all groups shown hold at "
                   "once in 95 of 100 rounds,\neach by itself in %.2f.\n",
                   100 * response.confidence())
             : "";
}

}  // namespace

void TellSummary(const v1::SummarizeResponse& response) {
  const v1::ReleaseReference& release = response.release();
  const Unit unit = {release.minor_unit_exponent()};
  std::vector<ChartRow> rows;
  for (const v1::CellSummary& cell : response.cells()) {
    ChartRow row;
    row.label = LabelOf(cell.key());
    if (cell.has_figures()) {
      row.median = QuantileOf(cell.figures(), 0.5);
      row.p10 = QuantileOf(cell.figures(), 0.1);
      row.p90 = QuantileOf(cell.figures(), 0.9);
      if (cell.figures().has_count()) {
        row.count = cell.figures().count();
      }
      row.shown = true;
    }
    rows.push_back(std::move(row));
  }
  std::cout << Plain(
                   std::string(absl::StripPrefix(release.name(), "releases/")))
            << ": "
            << PayInWords(Plain(release.period()), Plain(release.currency()))
            << "\n"
            << SimultaneousText(response) << "\n"
            << Chart(rows, unit);
  for (const v1::CellSummary& cell : response.cells()) {
    for (const std::string& line : ExtrasOf(cell.figures(), unit)) {
      std::cout << LabelOf(cell.key()) << ": " << line << '\n';
    }
  }
  TellLegend(response.simultaneous());
  TellRobustness(response);
  TellCitation(response.cells());
  std::cout << SourceOf(release);
}

void TellGap(const v1::CompareResponse& response) {
  const v1::ReleaseReference& release = response.release();
  const Unit unit = {release.minor_unit_exponent()};
  if (!response.has_figures()) {
    std::cout << "One of the two groups is withheld, or both: nothing can be "
                 "said of the gap.\n";
  } else {
    const v1::GapFigures& gap = response.figures();
    std::cout << "Gap of the medians, a against b: "
              << RangeText(gap.relative_gap()) << " (95 %), best guess "
              << Percent(gap.relative_gap().value()) << ".\n";
    switch (gap.verdict()) {
      case v1::VERDICT_CLEAR:
        std::cout << "The difference is clear.\n";
        break;
      case v1::VERDICT_NO_CLEAR_DIFFERENCE:
        std::cout << "No clear difference; that is not the same as no "
                     "difference.\n";
        break;
      default:
        std::cout << (gap.minimum_detectable_gap() > 0
                          ? "Too little data to tell: even if one group were "
                            "paid a fifth more than the other,\nthese answers "
                            "could not show it.\n"
                          : "Too little data to tell: one of the groups is too "
                            "small, or its median may lie\noutside the pay "
                            "grid.\n");
    }
    if (gap.minimum_detectable_gap() > 0) {
      std::cout << "The smallest gap that these data could show: "
                << Percent(gap.minimum_detectable_gap()) << ".\n";
    }
    std::cout << "Median of a: " << IntervalText(gap.median_a(), unit) << ", "
              << ValueText(gap.median_a(), unit) << ", "
              << QualityWord(gap.median_a())
              << "\nMedian of b: " << IntervalText(gap.median_b(), unit) << ", "
              << ValueText(gap.median_b(), unit) << ", "
              << QualityWord(gap.median_b()) << "\n";
  }
  std::cout << "Cite as: " << Plain(response.citation()) << '\n'
            << SourceOf(release);
}

namespace {

void TellChange(const v1::Estimate& change, const std::string& since) {
  std::cout << "  since "
            << Plain(std::string(absl::StripPrefix(since, "releases/"))) << ": "
            << RangeText(change) << ", " << Percent(change.value());
}

}  // namespace

void TellTrend(const v1::TrendResponse& response, double quantile) {
  const Unit unit = {response.minor_unit_exponent()};
  std::cout << absl::StrFormat("p%g of ", quantile * 100)
            << PayInWords(Plain(response.period()), Plain(response.currency()))
            << "\n\n";
  std::optional<std::string> first;  // Round that shows the group.
  for (const v1::TrendPoint& point : response.points()) {
    std::cout << Plain(
                     std::string(absl::StripPrefix(point.name(), "releases/")))
              << "  ";
    if (!point.has_wage()) {
      std::cout << (point.has_not_asked()
                        ? "not asked: the round's plan has no such group\n"
                        : "withheld\n");
      continue;
    }
    std::cout << IntervalText(point.wage(), unit) << "  "
              << ValueText(point.wage(), unit) << "  "
              << QualityWord(point.wage());
    if (point.has_relative_change()) {
      TellChange(point.relative_change(), point.change_since());
    }
    if (point.has_relative_change_since_first() && first.has_value() &&
        point.change_since() != *first) {
      TellChange(point.relative_change_since_first(), *first);
    }
    if (!first.has_value()) {
      first = point.name();
    }
    std::cout << (point.admission() == v1::ADMISSION_CREDENTIAL
                      ? "\n"
                      : "  unverified\n");
  }
  std::cout
      << "\nEach round: the 95 % interval first, then the figure. Withheld: "
         "nothing is said of the group, not\neven why.\n";
  std::string latest;
  for (const v1::TrendPoint& point : response.points()) {
    latest = point.citation().empty() ? latest : point.citation();
  }
  if (!latest.empty()) {
    std::cout << "Cite the latest as: " << Plain(latest) << '\n';
  }
}

}  // namespace commonwage::client::cli
