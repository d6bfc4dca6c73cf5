// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "client/cli/text/columns.h"
#include "client/cli/text/estimate_text.h"
#include "client/cli/text/figures_text.h"
#include "client/cli/text/figures_words.h"
#include "client/cli/text/page.h"
#include "client/cli/text/quantile_table.h"
#include "client/cli/text/words.h"

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

// "Median pay of woman: 12.93 – 14.38, 13.90, fair"
std::string WageText(absl::string_view group, const v1::Estimate& wage,
                     double quantile, const Unit& unit) {
  std::string text = absl::StrCat(
      QuantileInWords(quantile), " of ", group, ": ", IntervalText(wage, unit),
      ", ", ValueText(wage, unit), ", ", QualityWord(wage));
  text.front() = text.front() == 'm' ? 'M' : text.front();
  return text;
}

void TellFigures(const v1::CompareResponse& response, const Page& page) {
  const Unit unit = {response.release().minor_unit_exponent()};
  const v1::GapFigures& gap = response.figures();
  const double quantile = response.quantile();
  const std::string a = GroupOf(response.a(), response);
  const std::string base = GroupOf(response.base(), response);
  const auto folded = [&page](absl::string_view text,
                              absl::string_view indent = "") {
    return Folded(text, indent, page.width);
  };
  std::cout << folded(absl::StrCat("Gap of the ", QuantileInWords(quantile),
                                   ", ", a, " compared with ", base, ":"))
            << folded(absl::StrCat(DifferenceText(gap.relative_gap()), "."),
                      "  ")
            << Toned(folded(VerdictText(gap)), ToneOfVerdict(gap.verdict()),
                     page);
  if (gap.has_minimum_detectable_gap()) {
    std::cout << folded(DetectableText(gap.minimum_detectable_gap()));
  }
  std::string uncertainty = UncertaintyInWords(gap.relative_gap());
  if (!uncertainty.empty()) {
    uncertainty.front() = 'U';
    std::cout << folded(absl::StrCat(uncertainty, "."));
  }
  std::cout << folded(WageText(a, gap.wage_a(), quantile, unit))
            << folded(
                   absl::StrCat(WageText(base, gap.wage_base(), quantile, unit),
                                " (the base)"));
}

}  // namespace

void TellGap(const v1::CompareResponse& response, const Page& page) {
  std::cout << RoundOf(response.release().name()) << ": "
            << PayInWords(Plain(response.release().period()),
                          Plain(response.release().currency()))
            << "\n\n";
  if (response.has_figures()) {
    TellFigures(response, page);
  } else {
    std::cout << Folded(
        absl::StrCat(GroupOf(response.a(), response), " compared with ",
                     GroupOf(response.base(), response),
                     ": one of the two groups is withheld, or both: nothing "
                     "can be said of "
                     "the gap."),
        "", page.width);
    if (response.has_coarser_table()) {
      std::cout << Folded(CoarserText(response.coarser_table()), "",
                          page.width);
    }
  }
  std::cout << "\nCite as: " << Plain(response.citation()) << '\n'
            << SourceOf(response.release(), page);
}

}  // namespace commonwage::client::cli
