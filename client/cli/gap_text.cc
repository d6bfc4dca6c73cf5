// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "client/cli/chart.h"
#include "client/cli/columns.h"
#include "client/cli/figures_text.h"
#include "client/cli/figures_words.h"
#include "client/cli/quantile_table.h"
#include "client/cli/words.h"

namespace commonwage::client::cli {
namespace {

using Key = google::protobuf::RepeatedPtrField<v1::CellCoordinate>;

// The label of a group without the dimensions that both groups add up whole.
std::string GroupOf(const Key& key, const v1::CompareResponse& response) {
  Key kept;
  for (const v1::CellCoordinate& coordinate : key) {
    bool is_whole = response.has_coarser_table();
    for (const std::string& dimension : response.coarser_table().by()) {
      is_whole = is_whole && dimension != coordinate.dimension();
    }
    if (!is_whole) {
      *kept.Add() = coordinate;
    }
  }
  return LabelOf(kept);
}

std::string VerdictText(const v1::GapFigures& gap) {
  switch (gap.verdict()) {
    case v1::VERDICT_CLEAR:
      return "The difference is clear.";
    case v1::VERDICT_NO_CLEAR_DIFFERENCE:
      return "No clear difference; that is not the same as no difference.";
    default:
      return gap.has_minimum_detectable_gap()
                 ? "Too little data to tell: even if one group were paid a "
                   "fifth more than the other, these answers could not show it."
                 : "Too little data to tell: one of the groups is too small, "
                   "or "
                   "what is compared may lie outside the pay grid.";
  }
}

std::string DetectableText(double smallest) {
  return smallest > 0
             ? absl::StrCat("The smallest gap that these data could show: ",
                            Percent(smallest), ".")
             : "These data could have shown any gap, down to one step of pay.";
}

// "Median of woman: 12.93 – 14.38, 13.90, fair"
std::string WageText(absl::string_view group, const v1::Estimate& wage,
                     double quantile, const Unit& unit) {
  std::string text = absl::StrCat(
      NameOfQuantile(quantile), " of ", group, ": ", IntervalText(wage, unit),
      ", ", ValueText(wage, unit), ", ", QualityWord(wage));
  text.front() = text.front() == 'm' ? 'M' : text.front();
  return text;
}

void TellFigures(const v1::CompareResponse& response) {
  const Unit unit = {response.release().minor_unit_exponent()};
  const v1::GapFigures& gap = response.figures();
  const double quantile = response.quantile();
  const std::string a = GroupOf(response.a(), response);
  const std::string base = GroupOf(response.base(), response);
  std::cout << Folded(absl::StrCat("Gap of the ", NameOfQuantile(quantile),
                                   ", ", a, " compared with ", base, ":"))
            << Folded(absl::StrCat(DifferenceText(gap.relative_gap()), "."),
                      "  ")
            << Folded(VerdictText(gap));
  if (gap.has_minimum_detectable_gap()) {
    std::cout << Folded(DetectableText(gap.minimum_detectable_gap()));
  }
  std::cout << Folded(WageText(a, gap.wage_a(), quantile, unit))
            << Folded(
                   absl::StrCat(WageText(base, gap.wage_base(), quantile, unit),
                                " (the base)"));
}

std::string VerdictOf(const v1::ChangeFigures& change) {
  switch (change.verdict()) {
    case v1::VERDICT_CLEAR:
      return "a clear change";
    case v1::VERDICT_NO_CLEAR_DIFFERENCE:
      return "no clear change";
    default:
      return "too little data to tell";
  }
}

void TellChange(const v1::ChangeFigures& change) {
  std::string text = absl::StrCat("since ", RoundOf(change.since()), ": ",
                                  DifferenceText(change.relative_change()),
                                  "; ", VerdictOf(change));
  if (change.has_minimum_detectable_change()) {
    const double smallest = change.minimum_detectable_change();
    absl::StrAppend(&text, "; the smallest change that these data could show: ",
                    smallest > 0 ? Percent(smallest) : "one step of pay");
  }
  std::cout << Folded(text, "  ");
}

void TellPoint(const v1::TrendPoint& point, const Unit& unit) {
  std::cout << RoundOf(point.name()) << "  ";
  if (!point.has_wage()) {
    std::cout << (point.has_not_asked()
                      ? "not asked: the round's plan has no such group\n"
                      : "withheld\n");
    return;
  }
  std::cout << IntervalText(point.wage(), unit) << "  "
            << ValueText(point.wage(), unit) << "  "
            << QualityWord(point.wage())
            << (point.admission() == v1::ADMISSION_CREDENTIAL
                    ? "\n"
                    : "  unverified\n");
  if (point.has_change()) {
    TellChange(point.change());
  }
  if (point.has_change_since_first() &&
      point.change_since_first().since() != point.change().since()) {
    TellChange(point.change_since_first());
  }
}

// The first sum that is withheld explains itself.
void TellWithheldSum(const v1::TrendResponse& response) {
  for (const v1::TrendPoint& point : response.points()) {
    if (point.has_withheld() && point.has_coarser_table()) {
      std::cout << Folded(absl::StrCat(RoundOf(point.name()), ": ",
                                       CoarserText(point.coarser_table())));
      return;
    }
  }
}

}  // namespace

void TellGap(const v1::CompareResponse& response) {
  std::cout << RoundOf(response.release().name()) << ": "
            << PayInWords(Plain(response.release().period()),
                          Plain(response.release().currency()))
            << "\n\n";
  if (response.has_figures()) {
    TellFigures(response);
  } else {
    std::cout << Folded(absl::StrCat(
        GroupOf(response.a(), response), " compared with ",
        GroupOf(response.base(), response),
        ": one of the two groups is withheld, or both: nothing can be said of "
        "the gap."));
    if (response.has_coarser_table()) {
      std::cout << Folded(CoarserText(response.coarser_table()));
    }
  }
  std::cout << "\nCite as: " << Plain(response.citation()) << '\n'
            << SourceOf(response.release());
}

void TellTrend(const v1::TrendResponse& response) {
  const Unit unit = {response.minor_unit_exponent()};
  std::cout << NameOfQuantile(response.quantile()) << " of "
            << PayInWords(Plain(response.period()), Plain(response.currency()))
            << "\n\n";
  std::string latest;
  for (const v1::TrendPoint& point : response.points()) {
    TellPoint(point, unit);
    latest = point.citation().empty() ? latest : point.citation();
  }
  std::cout << '\n'
            << Folded(
                   "Each round: the 95 % interval first, then the figure. "
                   "Changes are compared with the round that they count from. "
                   "No clear change is not the same as no change. Withheld: "
                   "nothing is said of the group, not even why.");
  TellWithheldSum(response);
  if (!latest.empty()) {
    std::cout << "Cite the latest as: " << Plain(latest) << '\n';
  }
}

}  // namespace commonwage::client::cli
