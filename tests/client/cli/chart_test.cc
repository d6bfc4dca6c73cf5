// SPDX-License-Identifier: Apache-2.0
// Figures on pages of every width, with colour and without.

#include "client/cli/text/chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/text/columns.h"
#include "client/cli/text/estimate_text.h"
#include "client/cli/text/page.h"

namespace commonwage::client::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Estimate Estimate(double value, double half_width,
                      v1::Quality quality = v1::QUALITY_GOOD) {
  v1::Estimate estimate;
  estimate.set_value(value);
  estimate.mutable_interval()->set_low(value - half_width);
  estimate.mutable_interval()->set_high(value + half_width);
  estimate.set_quality(quality);
  return estimate;
}

TEST(ChartTest, UncertaintyComesBeforeTheNumberOnOneScale) {
  const std::vector<ChartRow> rows = {{"law",
                                       true,
                                       Estimate(60000, 2000),
                                       Estimate(40000, 0),
                                       Estimate(100000, 0),
                                       {}},
                                      {"health",
                                       true,
                                       Estimate(50000, 9000, v1::QUALITY_POOR),
                                       Estimate(30000, 0),
                                       Estimate(90000, 0),
                                       {}},
                                      {"insurance", false, {}, {}, {}, {}}};
  EXPECT_EQ(
      Chart(rows, {0}, Page()),
      "             95 % interval    median  from 30,000               to "
      "100,000\n"
      "law        58,000 – 62,000    60,000       ├─────────●"
      "───────────────────┤  good\n"
      "health     41,000 – 59,000  (50,000)  ├─────────●"
      "───────────────────┤       poor\n"
      "insurance         withheld\n");
}

TEST(ChartTest, AnswersAndTheCausesOfUncertaintyHaveColumns) {
  ChartRow row = {"groceries",        true,
                  Estimate(1614, 88), Estimate(1300, 0),
                  Estimate(2200, 0),  {}};
  row.median->set_noise_sd(30);
  row.median->set_sampling_sd(40);
  row.count = Estimate(436.4, 29);
  const ChartRow withheld = {"rides", false, {}, {}, {}, {}};
  EXPECT_EQ(Chart({row, withheld}, {2}, Page()),
            "           95 % interval  median  from 13.00    to 22.00          "
            "answers  noise\n"
            "groceries  15.26 – 17.02   16.14  ├──────●─────────────┤  good  "
            "407 – 466   36 %\n"
            "rides           withheld\n");
}

TEST(ChartTest, ModelErrorIsACauseOfItsOwnAndNotChance) {
  ChartRow row = {"rides", true, Estimate(1614, 88), {}, {}, {}};
  row.median->set_noise_sd(30);
  row.median->set_sampling_sd(40);
  ChartRow small = row;
  small.median->set_modelled(true);
  small.median->set_model_sd(50);
  EXPECT_EQ(NoiseText(*row.median), "36 %");
  EXPECT_EQ(NoiseText(*small.median), "18, 50 %");
  EXPECT_EQ(UncertaintyInWords(*row.median),
            "uncertainty from privacy noise 36 %, from who answered 64 %");
  EXPECT_EQ(UncertaintyInWords(*small.median),
            "uncertainty from privacy noise 18 %, from who answered 32 %, from "
            "the model 50 %");
  EXPECT_THAT(Chart({row, row}, {2}, Page()), HasSubstr("  noise\n"));
  const std::string chart = Chart({row, small}, {2}, Page());
  EXPECT_THAT(chart, HasSubstr("noise, model\n"));
  EXPECT_THAT(chart, HasSubstr("  18, 50 %\n"));
}

// Returns the longest line, in columns.
size_t WidestLine(const std::string& text) {
  size_t widest = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    widest = std::max(widest, Columns(line));
  }
  return widest;
}

std::vector<ChartRow> WideRows() {
  ChartRow row = {"manufacturing, undisclosed",
                  true,
                  Estimate(12'345'678, 1'234'567, v1::QUALITY_POOR),
                  Estimate(1'234'567, 0),
                  Estimate(98'765'432, 0),
                  {}};
  row.median->set_noise_sd(1);
  row.count = Estimate(12'345, 100);
  ChartRow other = row;
  other.label = "配達、夜間";
  return {row, other};
}

TEST(ChartTest, FitsEveryPageThatANumberAndItsIntervalFit) {
  for (const size_t width : {50U, 60U, 72U, 80U, 100U, 200U}) {
    for (const int decimals : {0, 2}) {
      const std::string chart = Chart(WideRows(), {decimals}, {width, false});
      EXPECT_LE(WidestLine(chart), width) << chart;
      EXPECT_THAT(chart, HasSubstr("manufacturing, undisclosed"));
      EXPECT_THAT(chart, HasSubstr("12,245 – 12,445"));
    }
  }
}

TEST(ChartTest, LabelsOfWideCharactersStandInLine) {
  const std::string chart = Chart(WideRows(), {0}, {200, false});
  std::vector<size_t> bars;
  for (const absl::string_view line : absl::StrSplit(chart, '\n')) {
    if (const size_t bar = line.find("├"); bar != absl::string_view::npos) {
      bars.push_back(Columns(line.substr(0, bar)));
    }
  }
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_EQ(bars[0], bars[1]);
}

TEST(ChartTest, ANarrowPageKeepsBarsAndPutsTheRestIntoSentences) {
  ChartRow row = {"groceries",        true,
                  Estimate(1614, 88), Estimate(1300, 0),
                  Estimate(2200, 0),  {}};
  row.median->set_noise_sd(30);
  row.median->set_sampling_sd(40);
  row.count = Estimate(436.4, 29);
  const ChartRow withheld = {"rides", false, {}, {}, {}, {}};
  EXPECT_EQ(Chart({row, withheld}, {2}, {60, false}),
            "  95 % interval  median  from 13.00           to 22.00\n"
            "groceries\n"
            "  15.26 – 17.02   16.14  ├─────────●─────────────────┤  good\n"
            "  407 – 466 answers; uncertainty from privacy noise 36 %,\n"
            "  from who answered 64 %\n"
            "rides\n"
            "       withheld\n");
  const std::string narrowest = Chart({row, withheld}, {2}, {40, false});
  EXPECT_LE(WidestLine(narrowest), 40U) << narrowest;
  EXPECT_THAT(narrowest, HasSubstr("  15.26 – 17.02   16.14"));
}

// A server's word, drawn whatever it is.
TEST(ChartTest, NumbersWithoutAnEndAreDrawnWithinTheTable) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  for (const double odd : {kInfinite, -kInfinite, std::nan(""), 1e300}) {
    const ChartRow row = {
        "a", true, Estimate(odd, 0), Estimate(1, 0), Estimate(odd, 0), {}};
    for (const int decimals : {2, 1'000'000, -3}) {
      EXPECT_THAT(Chart({row, row}, {decimals}, {200, false}),
                  HasSubstr("\na"));
    }
  }
}

TEST(ChartTest, ASingleRowIsSaidInASentence) {
  ChartRow row = {"all workers", true, Estimate(1614, 88), {}, {}, {}};
  row.median->set_noise_sd(6);
  row.median->set_sampling_sd(23.75);
  row.count = Estimate(436.4, 29);
  EXPECT_THAT(Chart({row}, {2}, Page()),
              HasSubstr("\n  407 – 466 answers; uncertainty from privacy noise "
                        "6 %, from who answered 94 %\n"));
}

TEST(ChartTest, ColourMovesNothing) {
  const std::string plain = Chart(WideRows(), {2}, {80, false});
  std::string coloured = Chart(WideRows(), {2}, {80, true});
  EXPECT_THAT(coloured, HasSubstr("\x1b[31mpoor\x1b[0m"));
  for (const char* escape : {"\x1b[31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"}) {
    coloured = absl::StrReplaceAll(coloured, {{escape, ""}});
  }
  EXPECT_EQ(coloured, plain);
}

TEST(ChartTest, EveryWithheldCellLooksTheSame) {
  ChartRow row;
  row.label = "a";
  const std::string chart = Chart({row, row}, {0}, Page());
  EXPECT_THAT(chart, HasSubstr("a          withheld\na          withheld\n"));
}

TEST(ChartTest, WhatTheGridDoesNotReachSaysSo) {
  v1::Estimate estimate = Estimate(2200, 100);
  estimate.mutable_interval()->set_open_high(true);
  EXPECT_EQ(IntervalText(estimate, {2}), "21.00 – …");
  EXPECT_EQ(ValueText(estimate, {2}), "22.00");
  estimate.set_position(v1::POSITION_ABOVE);
  EXPECT_EQ(ValueText(estimate, {2}), ">22.00");
  estimate.mutable_interval()->set_open_low(true);
  EXPECT_EQ(ValueText(estimate, {2}), "…");
  estimate.mutable_interval()->set_open_high(false);
  estimate.set_position(v1::POSITION_BELOW);
  EXPECT_EQ(ValueText(estimate, {2}), "<22.00");
  estimate.set_position(v1::POSITION_UNKNOWN);
  EXPECT_EQ(ValueText(estimate, {2}), "…");
}

}  // namespace
}  // namespace commonwage::client::cli
