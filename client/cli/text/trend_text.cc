// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/cli/text/columns.h"
#include "client/cli/text/estimate_text.h"
#include "client/cli/text/figures_text.h"
#include "client/cli/text/figures_words.h"
#include "client/cli/text/page.h"
#include "client/cli/text/quantile_table.h"
#include "client/cli/text/words.h"

namespace commonwage::client::cli {
namespace {

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

// "2026-q1" of "releases/couriers.2026-q1": a trend is of one survey.
std::string ShortRoundOf(absl::string_view release_name) {
  const std::string round = RoundOf(release_name);
  return round.substr(round.rfind('.') + 1);
}

void TellChange(const v1::ChangeFigures& change, const Page& page) {
  std::string text = absl::StrCat(
      ChangeText(change.relative_change(), ShortRoundOf(change.since())), ": ",
      VerdictOf(change));
  if (change.has_minimum_detectable_change()) {
    const double smallest = change.minimum_detectable_change();
    absl::StrAppend(&text, "; the smallest change that these data could show: ",
                    smallest > 0 ? Percent(smallest) : "one step of pay");
  }
  std::cout << Toned(Folded(text, "  ", page.width),
                     ToneOfVerdict(change.verdict()), page);
}

void TellPoint(const v1::TrendPoint& point, const Unit& unit,
               const Page& page) {
  std::cout << ShortRoundOf(point.name()) << "  ";
  if (!point.has_wage()) {
    std::cout << Toned(point.has_not_asked()
                           ? "not asked: the round's plan has no such group"
                           : "withheld",
                       Tone::kQuiet, page)
              << '\n';
    return;
  }
  std::cout << IntervalText(point.wage(), unit) << "  "
            << Toned(ValueText(point.wage(), unit), Tone::kStrong, page) << "  "
            << Toned(QualityWord(point.wage()), ToneOf(point.wage()), page)
            << (point.admission() == v1::ADMISSION_CREDENTIAL
                    ? "\n"
                    : "  unverified\n");
  if (point.has_change()) {
    TellChange(point.change(), page);
  }
  if (point.has_change_since_first() &&
      point.change_since_first().since() != point.change().since()) {
    TellChange(point.change_since_first(), page);
  }
}

// The survey of a trend: what its rounds' names begin with.
std::string SurveyOf(const v1::TrendResponse& response) {
  if (response.points().empty()) {
    return "";
  }
  const std::string round = RoundOf(response.points(0).name());
  return absl::StrCat(round.substr(0, round.rfind('.')), ": ");
}

// The first sum that is withheld explains itself.
void TellWithheldSum(const v1::TrendResponse& response, const Page& page) {
  for (const v1::TrendPoint& point : response.points()) {
    if (point.has_withheld() && point.has_coarser_table()) {
      std::cout << Folded(absl::StrCat(RoundOf(point.name()), ": ",
                                       CoarserText(point.coarser_table())),
                          "", page.width);
      return;
    }
  }
}

}  // namespace

void TellTrend(const v1::TrendResponse& response, const Page& page) {
  const Unit unit = {response.minor_unit_exponent()};
  std::string quantity = QuantileInWords(response.quantile());
  quantity.front() =
      absl::ascii_toupper(static_cast<unsigned char>(quantity.front()));
  std::cout << SurveyOf(response) << quantity << " per "
            << absl::AsciiStrToLower(Plain(response.period())) << ", in "
            << Plain(response.currency()) << "\n\n";
  std::string latest;
  for (const v1::TrendPoint& point : response.points()) {
    TellPoint(point, unit, page);
    latest = point.citation().empty() ? latest : point.citation();
  }
  std::cout << '\n'
            << Folded(absl::StrCat(
                          "Each round: the 95 % interval first, then the "
                          "figure. Each change: the best guess, and its 95 % "
                          "interval. No clear change is not the same as no "
                          "change. ",
                          QualitiesInWords(),
                          " Withheld: nothing is said of the group, not even "
                          "why."),
                      "", page.width);
  TellWithheldSum(response, page);
  if (!latest.empty()) {
    std::cout << "Cite the latest as: " << Plain(latest) << '\n';
  }
}

}  // namespace commonwage::client::cli
