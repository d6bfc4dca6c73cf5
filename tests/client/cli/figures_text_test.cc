// SPDX-License-Identifier: Apache-2.0
// What is said with figures: labels, rounds without one, and plain sentences.

#include "client/cli/text/figures_text.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/text/columns.h"
#include "client/cli/text/quantile_table.h"

namespace commonwage::client::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename Tell>
std::string Said(const Tell& tell) {
  ::testing::internal::CaptureStdout();
  tell();
  return ::testing::internal::GetCapturedStdout();
}

v1::SummarizeResponse TwoGroups() {
  v1::SummarizeResponse response;
  response.mutable_release()->set_k(10);
  response.set_confidence(0.95);
  for (const char* platform : {"meals", "rides"}) {
    v1::CellSummary& cell = *response.add_cells();
    cell.add_key()->set_dimension("platform");
    cell.mutable_key(0)->add_values(platform);
    v1::QuantileEstimate& median = *cell.mutable_figures()->add_quantiles();
    median.set_p(0.5);
    median.mutable_wage()->set_value(1300);
  }
  return response;
}

// The columns of the longest line but those of hashes, citations and charts.
size_t WidestLine(const std::string& text) {
  size_t widest = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    widest = std::max(widest, Columns(line));
  }
  return widest;
}

TEST(FiguresTextTest, SimultaneousIntervalsAreLabelledWithHowManyTheyAre) {
  v1::SummarizeResponse response = TwoGroups();
  const std::string usual = Said([&] { TellSummary(response, Page()); });
  EXPECT_THAT(usual, Not(HasSubstr("imultaneous")));
  EXPECT_THAT(usual, HasSubstr("hold in 95 of 100 rounds. Withheld"));
  response.set_simultaneous(true);
  response.set_intervals_at_once(12);
  response.set_confidence(1 - 0.05 / 12);
  const std::string wide = Said([&] { TellSummary(response, Page()); });
  EXPECT_THAT(
      wide,
      HasSubstr("Simultaneous intervals: all 12 of this answer hold at "
                "once in 95 of 100 rounds,\nso that each may miss in 1 of "
                "240 only. Whoever asks for less gets narrower "
                "ones\n(--quantile 0.5).\n"));
  EXPECT_THAT(wide,
              HasSubstr("hold in 95 of 100 rounds, all of them at\nonce."));
}

TEST(FiguresTextTest, TheMediansRobustnessIsOneSentence) {
  v1::SummarizeResponse response = TwoGroups();
  const auto shift = [&response](int cell) {
    return response.mutable_cells(cell)->mutable_figures()->mutable_quantiles(
        0);
  };
  shift(0)->set_shift_by_k_false(0.042);
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              HasSubstr("\n10 false answers in a group can have moved its "
                        "median by about 4.2 % (meals),\nand farther than can "
                        "be told in groups of this table: 1.\n"));
  shift(1)->set_shift_by_k_false(0.011);
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              HasSubstr("by about 1.1 % (rides) to\n4.2 % (meals).\n"));
  response.clear_cells();
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              Not(HasSubstr("false answers")));
}

v1::QuantileEstimate Quantile(double p, double value) {
  v1::QuantileEstimate quantile;
  quantile.set_p(p);
  quantile.mutable_wage()->set_value(value);
  quantile.mutable_wage()->mutable_interval()->set_low(value - 50);
  quantile.mutable_wage()->mutable_interval()->set_high(value + 50);
  quantile.mutable_wage()->set_quality(v1::QUALITY_GOOD);
  quantile.mutable_wage()->set_position(v1::POSITION_INSIDE);
  return quantile;
}

TEST(FiguresTextTest, EveryQuantileHasItsIntervalItsNumberAndItsQuality) {
  v1::SummarizeResponse response = TwoGroups();
  response.mutable_release()->set_minor_unit_exponent(2);
  for (v1::CellSummary& cell : *response.mutable_cells()) {
    for (const double p : {0.1, 0.25, 0.9}) {
      *cell.mutable_figures()->add_quantiles() = Quantile(p, 1000 + 1000 * p);
    }
  }
  v1::Estimate& beyond = *response.mutable_cells(1)
                              ->mutable_figures()
                              ->mutable_quantiles(3)
                              ->mutable_wage();
  beyond.set_position(v1::POSITION_ABOVE);
  beyond.mutable_interval()->set_open_high(true);
  beyond.set_quality(v1::QUALITY_POOR);
  response.add_cells()->mutable_withheld();
  EXPECT_THAT(
      Said([&] { TellSummary(response, Page()); }),
      HasSubstr("\n\n"
                "       p10                           p25\n"
                "meals  10.50 – 11.50   11.00  good   12.00 – 13.00   12.50  "
                "good\n"
                "rides  10.50 – 11.50   11.00  good   12.00 – 13.00   12.50  "
                "good\n"
                "\n"
                "       p90\n"
                "meals  18.50 – 19.50   19.00  good\n"
                "rides      18.50 – …  >19.00  poor\n"));
}

TEST(FiguresTextTest, QuantilesAskedForAreShownWhicheverTheyAre) {
  v1::SummarizeResponse response = TwoGroups();
  for (v1::CellSummary& cell : *response.mutable_cells()) {
    *cell.mutable_figures()->mutable_quantiles(0) = Quantile(0.25, 1200);
  }
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              HasSubstr("       p25\n"
                        "meals  1,150 – 1,250  1,200  good\n"));
  // A row that lacks what another has is no reason to fall over.
  response.mutable_cells(1)->mutable_figures()->clear_quantiles();
  *response.mutable_cells(0)->mutable_figures()->add_quantiles() =
      Quantile(0.75, 1400);
  *response.mutable_cells(1)->mutable_figures()->add_quantiles() =
      Quantile(0.25, 1250);
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              HasSubstr("rides  1,200 – 1,300  1,250  good\n"));
}

TEST(FiguresTextTest, ModelErrorIsExplainedWhereItIsShown) {
  v1::SummarizeResponse response = TwoGroups();
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              Not(HasSubstr("Model, in modelled figures")));
  response.mutable_cells(0)
      ->mutable_figures()
      ->mutable_quantiles(0)
      ->mutable_wage()
      ->set_model_sd(20);
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              HasSubstr("Model, in modelled figures"));
}

TEST(FiguresTextTest, AWithheldSumNamesTheTableThatWouldBeNeeded) {
  v1::SummarizeResponse response = TwoGroups();
  response.mutable_coarser_table()->add_by("gender");
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              Not(HasSubstr("gender alone")));
  response.add_cells()->mutable_withheld();
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              HasSubstr("\nA sum is withheld as soon as one of its parts is. A "
                        "table by gender alone would\nnot need the parts; this "
                        "round's plan has none.\n"));
  response.mutable_coarser_table()->set_marginal("g");
  EXPECT_THAT(Said([&] { TellSummary(response, Page()); }),
              HasSubstr("plan has it: --by gender.\n"));
  response.mutable_coarser_table()->clear_by();
  EXPECT_THAT(
      Said([&] { TellSummary(response, Page()); }),
      HasSubstr("A table of everybody together\nwould not need the parts; "
                "this round's plan has it: leave out --by.\n"));
}

v1::Estimate Fraction(double low, double value, double high) {
  v1::Estimate estimate;
  estimate.set_value(value);
  estimate.mutable_interval()->set_low(low);
  estimate.mutable_interval()->set_high(high);
  estimate.set_position(v1::POSITION_INSIDE);
  estimate.set_quality(v1::QUALITY_FAIR);
  return estimate;
}

TEST(FiguresTextTest, EveryRoundOfATrendIsNamed) {
  v1::TrendResponse response;
  response.set_quantile(0.5);
  for (const char* round : {"q1", "q2", "q3", "q4", "q5"}) {
    v1::TrendPoint& point = *response.add_points();
    point.set_name("releases/couriers." + std::string(round));
    point.set_admission(v1::ADMISSION_CREDENTIAL);
  }
  response.mutable_points(1)->mutable_withheld();
  response.mutable_points(3)->mutable_not_asked();
  for (const int shown : {0, 2, 4}) {
    response.mutable_points(shown)->mutable_wage()->set_value(1300);
    response.mutable_points(shown)->set_citation("cite " +
                                                 std::to_string(shown));
  }
  for (const int changed : {2, 4}) {
    v1::TrendPoint& point = *response.mutable_points(changed);
    v1::ChangeFigures& change = *point.mutable_change();
    change.set_since(response.points(changed - 2).name());
    *change.mutable_relative_change() = Fraction(-0.02, 0.03, 0.08);
    change.set_verdict(v1::VERDICT_NO_CLEAR_DIFFERENCE);
    change.set_minimum_detectable_change(0.07);
    v1::ChangeFigures& all = *point.mutable_change_since_first();
    all.set_since(response.points(0).name());
    *all.mutable_relative_change() = Fraction(0.01, 0.05, 0.09);
    all.set_verdict(v1::VERDICT_CLEAR);
  }
  const std::string text = Said([&] { TellTrend(response, Page()); });
  EXPECT_THAT(text, HasSubstr("couriers: Median pay per "));
  EXPECT_THAT(text, HasSubstr("\nq2  withheld\n"));
  EXPECT_THAT(text, HasSubstr("\nq4  not asked"));
  const std::string change =
      " (-2.0 % to +8.0 %): no clear change; the smallest change that\n  these "
      "data could show: 7.0 %\n";
  EXPECT_THAT(text,
              HasSubstr("poor\n  +3.0 % since q1" + change + "q4  not asked"));
  EXPECT_THAT(text, HasSubstr("\n  +3.0 % since q3" + change +
                              "  +5.0 % since q1 (+1.0 % to +9.0 %): a clear "
                              "change\n"));
  EXPECT_THAT(text, HasSubstr("Cite the latest as: cite 4"));
  EXPECT_LE(WidestLine(text), kTextWidth);
}

TEST(FiguresTextTest, ATrendOffTheGridGivesABoundAndNoGuess) {
  v1::TrendResponse response;
  response.set_quantile(0.9);
  v1::TrendPoint& point = *response.add_points();
  point.set_name("releases/couriers.q2");
  point.mutable_wage()->set_value(1300);
  v1::ChangeFigures& change = *point.mutable_change();
  change.set_since("releases/couriers.q1");
  change.mutable_relative_change()->set_position(v1::POSITION_ABOVE);
  change.mutable_relative_change()->set_value(0.12);
  change.set_verdict(v1::VERDICT_CLEAR);
  std::string text = Said([&] { TellTrend(response, Page()); });
  EXPECT_THAT(text, HasSubstr("couriers: 90th percentile of pay per "));
  EXPECT_THAT(
      text,
      HasSubstr("\n  at least 12.0 % more since q1 (95 %; no best guess"));
  EXPECT_THAT(text, HasSubstr("a clear change"));
  EXPECT_THAT(text, Not(HasSubstr("+12.0 %")));
  change.mutable_relative_change()->set_position(v1::POSITION_UNKNOWN);
  change.set_verdict(v1::VERDICT_TOO_LITTLE_DATA);
  text = Said([&] { TellTrend(response, Page()); });
  EXPECT_THAT(text, HasSubstr("no number can be given"));
  EXPECT_THAT(text, HasSubstr("too little data to tell\n"));
  EXPECT_THAT(text, Not(HasSubstr("12.0 %")));
}

TEST(FiguresTextTest, AWithheldSumOfATrendNamesItsRoundAndTheTable) {
  v1::TrendResponse response;
  v1::TrendPoint& point = *response.add_points();
  point.set_name("releases/couriers.q2");
  point.mutable_withheld();
  point.mutable_coarser_table()->add_by("gender");
  EXPECT_THAT(Said([&] { TellTrend(response, Page()); }),
              HasSubstr("couriers.q2: A sum is withheld as soon as one"));
}

// Women against men, in the north.
v1::CompareResponse WomenAgainstMen() {
  v1::CompareResponse response;
  response.set_quantile(0.5);
  for (const auto& [key, gender] :
       {std::pair(response.mutable_a(), "women"),
        std::pair(response.mutable_base(), "men")}) {
    v1::CellCoordinate& own = *key->Add();
    own.set_dimension("gender");
    own.add_values(gender);
    v1::CellCoordinate& region = *key->Add();
    region.set_dimension("region");
    region.add_values("north");
    region.add_values("south");
  }
  v1::GapFigures& gap = *response.mutable_figures();
  *gap.mutable_relative_gap() = Fraction(-0.091, -0.07, -0.048);
  gap.mutable_relative_gap()->set_noise_sd(0.03);
  gap.mutable_relative_gap()->set_sampling_sd(0.04);
  gap.set_verdict(v1::VERDICT_CLEAR);
  gap.set_minimum_detectable_gap(0.031);
  *gap.mutable_wage_a() = Quantile(0.5, 1300).wage();
  *gap.mutable_wage_base() = Quantile(0.5, 1400).wage();
  return response;
}

TEST(FiguresTextTest, QuantilesHaveTheirUsualNames) {
  EXPECT_EQ(QuantileInWords(0.5), "median pay");
  EXPECT_EQ(QuantileInWords(0.01), "1st percentile of pay");
  EXPECT_EQ(QuantileInWords(0.11), "11th percentile of pay");
  EXPECT_EQ(QuantileInWords(0.22), "22nd percentile of pay");
  EXPECT_EQ(QuantileInWords(0.73), "73rd percentile of pay");
  EXPECT_EQ(QuantileInWords(0.9), "90th percentile of pay");
  EXPECT_EQ(QuantileInWords(0.912), "91.2th percentile of pay");
}

TEST(FiguresTextTest, EveryLineFitsANarrowPage) {
  const v1::CompareResponse gap = WomenAgainstMen();
  v1::SummarizeResponse summary = TwoGroups();
  summary.set_simultaneous(true);
  summary.mutable_cells(0)
      ->mutable_figures()
      ->mutable_quantiles(0)
      ->set_shift_by_k_false(0.042);
  for (const size_t width : {60U, 72U}) {
    const Page page = {width, false};
    EXPECT_LE(WidestLine(Said([&] { TellGap(gap, page); })), width);
    EXPECT_LE(WidestLine(Said([&] { TellSummary(summary, page); })), width);
  }
}

TEST(FiguresTextTest, AGapNamesItsBase) {
  v1::CompareResponse response = WomenAgainstMen();
  EXPECT_THAT(
      Said([&] { TellGap(response, Page()); }),
      HasSubstr(
          "Gap of the median pay, women, north + south compared with men, "
          "north + south:\n  -9.1 % to -4.8 % (95 %), best guess -7.0 %, "
          "fair.\nThe difference is clear.\nThe smallest gap that these "
          "data could show: 3.1 %.\nUncertainty from privacy noise 36 %, from "
          "who answered 64 %.\nMedian pay of women, north + south: 1,250 – "
          "1,350, 1,300, good\nMedian pay of men, north + south: 1,350 – "
          "1,450, 1,400, good (the base)\n"));
  // All regions together need no name.
  response.mutable_coarser_table()->add_by("gender");
  response.set_quantile(0.9);
  const std::string text = Said([&] { TellGap(response, Page()); });
  EXPECT_THAT(
      text, HasSubstr("Gap of the 90th percentile of pay, women compared with "
                      "men:\n"));
  EXPECT_THAT(text, HasSubstr("\n90th percentile of pay of men: "));
  response.mutable_withheld();
  EXPECT_THAT(Said([&] { TellGap(response, Page()); }),
              HasSubstr("women compared with men: one of the two groups is "
                        "withheld, or both: nothing can\nbe said of the gap.\n"
                        "A sum is withheld as soon as one of its parts is."));
}

TEST(FiguresTextTest, AGapOffTheGridIsABoundAndNeverABestGuess) {
  v1::CompareResponse response = WomenAgainstMen();
  response.mutable_figures()->clear_minimum_detectable_gap();
  v1::Estimate& gap = *response.mutable_figures()->mutable_relative_gap();
  const auto says = [&](v1::Position position, double bound,
                        const std::string& said) {
    gap.set_position(position);
    gap.set_value(bound);
    const std::string text = Said([&] { TellGap(response, Page()); });
    EXPECT_THAT(text, HasSubstr(said));
    EXPECT_THAT(text, HasSubstr("there is no best guess"));
    EXPECT_THAT(text, HasSubstr("The difference is clear."));
  };
  says(v1::POSITION_BELOW, -0.653, ":\n  at least 65.3 % less (95 %); ");
  says(v1::POSITION_BELOW, 0.03, ":\n  at most 3.0 % more (95 %); ");
  says(v1::POSITION_ABOVE, 0.2, ":\n  at least 20.0 % more (95 %); ");
  says(v1::POSITION_ABOVE, -0.04, ":\n  at most 4.0 % less (95 %); ");
  gap.set_position(v1::POSITION_UNKNOWN);
  gap.set_value(0);
  const std::string text = Said([&] { TellGap(response, Page()); });
  EXPECT_THAT(text, HasSubstr("no number can be given"));
  EXPECT_THAT(text, Not(HasSubstr("best guess")));
}

TEST(FiguresTextTest, TooLittleDataSaysWhatTheyCouldNotShow) {
  v1::CompareResponse response;
  response.mutable_figures()->set_verdict(v1::VERDICT_TOO_LITTLE_DATA);
  response.mutable_figures()->set_minimum_detectable_gap(0.3);
  EXPECT_THAT(Said([&] { TellGap(response, Page()); }),
              HasSubstr("Too little data to tell: even if one group were paid "
                        "a fifth more than the\nother, these answers could not "
                        "show it.\n"));
  response.mutable_figures()->clear_minimum_detectable_gap();
  EXPECT_THAT(Said([&] { TellGap(response, Page()); }),
              HasSubstr("one of the groups is too small"));
  // On one step of a pay scale any gap would have shown.
  response.mutable_figures()->set_minimum_detectable_gap(0);
  response.mutable_figures()->set_verdict(v1::VERDICT_NO_CLEAR_DIFFERENCE);
  EXPECT_THAT(Said([&] { TellGap(response, Page()); }),
              HasSubstr("could have shown any gap, down to one step of pay."));
}

}  // namespace
}  // namespace commonwage::client::cli
