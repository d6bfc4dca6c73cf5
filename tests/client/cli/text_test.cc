// SPDX-License-Identifier: Apache-2.0
// How figures and requests read.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/cli/chart.h"
#include "client/cli/figures_text.h"
#include "client/cli/request.h"
#include "client/cli/waiting.h"
#include "client/cli/words.h"
#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client::cli {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;
using ::testing::ElementsAre;
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

TEST(WordsTest, AmountsAreGroupedAndKeepTheirDecimals) {
  EXPECT_EQ(Money(0, 0), "0");
  EXPECT_EQ(Money(999, 0), "999");
  EXPECT_EQ(Money(52000, 0), "52,000");
  EXPECT_EQ(Money(1234567, 2), "12,345.67");
  EXPECT_EQ(Money(-1234567, 0), "-1,234,567");
  EXPECT_EQ(Money(-100, 0), "-100");
  EXPECT_EQ(Money(1249.6, 2), "12.50");
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
      Chart(rows, {0}),
      "             95 % interval    median  30,000                       "
      "100,000\n"
      "law        58,000 – 62,000    60,000       ├─────────●"
      "───────────────────┤  good\n"
      "health     41,000 – 59,000  (50,000)  ├─────────●"
      "───────────────────┤       poor\n"
      "insurance         withheld\n");
}

// Returns the longest line, in characters of one column.
size_t WidestLine(const std::string& text) {
  size_t widest = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    widest = std::max(
        widest,
        static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char c) {
          return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        })));
  }
  return widest;
}

TEST(ChartTest, AnswersAndTheCausesOfUncertaintyHaveColumns) {
  ChartRow row = {"groceries",        true,
                  Estimate(1614, 88), Estimate(1300, 0),
                  Estimate(2200, 0),  {}};
  row.median->set_noise_sd(30);
  row.median->set_sampling_sd(40);
  row.count = Estimate(436.4, 29);
  const ChartRow withheld = {"rides", false, {}, {}, {}, {}};
  EXPECT_EQ(Chart({row, withheld}, {2}),
            "           95 % interval  median  13.00                         "
            "22.00          answers  noise/chance\n"
            "groceries  15.26 – 17.02   16.14  ├───────────●──────"
            "───────────────┤  good  407 – 466       36/64 %\n"
            "rides           withheld\n");
}

TEST(ChartTest, ModelErrorIsACauseOfItsOwnAndNotChance) {
  ChartRow row = {"rides", true, Estimate(1614, 88), {}, {}, {}};
  row.median->set_noise_sd(30);
  row.median->set_sampling_sd(40);
  ChartRow small = row;
  small.median->set_modelled(true);
  small.median->set_model_sd(50);
  EXPECT_EQ(CausesText(*row.median), "36/64 %");
  EXPECT_EQ(CausesText(*small.median), "18/32/50 %");
  EXPECT_THAT(Chart({row}, {2}), HasSubstr("noise/chance\n"));
  const std::string chart = Chart({row, small}, {2});
  EXPECT_THAT(chart, HasSubstr("noise/chance/model\n"));
  EXPECT_THAT(chart, HasSubstr("  18/32/50 %\n"));
}

TEST(ChartTest, StaysWithin100ColumnsWhateverTheLabels) {
  ChartRow row = {"manufacturing, undisclosed",
                  true,
                  Estimate(12'345'678, 1'234'567, v1::QUALITY_POOR),
                  Estimate(1'234'567, 0),
                  Estimate(98'765'432, 0),
                  {}};
  row.median->set_noise_sd(1);
  row.count = Estimate(12'345, 100);
  for (const int decimals : {0, 2}) {
    const std::string chart = Chart({row}, {decimals});
    EXPECT_LE(WidestLine(chart), 100U) << chart;
    EXPECT_THAT(chart, HasSubstr("manufacturing, undisclosed\n"));
    EXPECT_THAT(chart, HasSubstr("12,245 – 12,445"));
  }
}

TEST(ChartTest, EveryWithheldCellLooksTheSame) {
  ChartRow row;
  row.label = "a";
  const std::string chart = Chart({row, row}, {0});
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

std::string SummaryText(const v1::SummarizeResponse& response) {
  ::testing::internal::CaptureStdout();
  TellSummary(response);
  return ::testing::internal::GetCapturedStdout();
}

TEST(FiguresTest, ARateOutsideTheGridHasABoundAndNoNumber) {
  v1::SummarizeResponse response;
  v1::CellSummary& cell = *response.add_cells();
  v1::ShareEstimate& share = *cell.mutable_figures()->add_shares_below();
  share.set_rate(5);
  share.mutable_share()->set_value(0.131);
  share.mutable_share()->mutable_interval()->set_high(0.174);
  share.mutable_share()->set_position(v1::POSITION_BELOW);
  std::string text = SummaryText(response);
  EXPECT_THAT(text, HasSubstr("paid less than 5: at most 17.4 % (the rate "
                              "lies outside the pay\ngrid, so only a bound is "
                              "known), poor\n"));
  EXPECT_THAT(text, Not(HasSubstr("13.1 %")));
  share.mutable_share()->set_position(v1::POSITION_ABOVE);
  share.mutable_share()->mutable_interval()->set_low(0.871);
  text = SummaryText(response);
  EXPECT_THAT(text, HasSubstr("paid less than 5: at least 87.1 % (the rate"));
  EXPECT_THAT(text, Not(HasSubstr("13.1 %")));
}

// Noise takes the count of nobody below 0 as often as not.
TEST(FiguresTest, AShareAtAnEndIsTheEndAndTheIntervalsOtherSide) {
  v1::SummarizeResponse response;
  v1::CellSummary& cell = *response.add_cells();
  v1::ShareEstimate& share = *cell.mutable_figures()->add_shares_below();
  share.set_rate(1390);
  v1::Estimate& estimate = *share.mutable_share();
  estimate.set_position(v1::POSITION_INSIDE);
  estimate.set_quality(v1::QUALITY_FAIR);
  estimate.mutable_interval()->set_high(0.024);
  EXPECT_THAT(SummaryText(response),
              HasSubstr("paid less than 1,390: 0 %, at most 2.4 %, fair\n"));
  estimate.set_value(1);
  estimate.mutable_interval()->set_low(0.976);
  estimate.mutable_interval()->set_high(1);
  EXPECT_THAT(SummaryText(response),
              HasSubstr("less than 1,390: 100 %, at least 97.6 %, fair\n"));
  estimate.set_value(0.98);
  EXPECT_THAT(SummaryText(response),
              HasSubstr("97.6 % to 100.0 %, 98.0 %, fair\n"));
}

TEST(FiguresTest, EveryRowCanBeCited) {
  v1::SummarizeResponse response;
  for (const char* region : {"north", "south"}) {
    v1::CellSummary& cell = *response.add_cells();
    cell.add_key()->set_dimension("platform");
    cell.mutable_key(0)->add_values("meals");
    cell.add_key()->set_dimension("region");
    cell.mutable_key(1)->add_values(region);
    cell.set_citation(absl::StrCat(
        "a.b sha256:00 platform_region[platform=meals,region=", region, "]"));
  }
  ::testing::internal::CaptureStdout();
  TellSummary(response);
  EXPECT_THAT(
      ::testing::internal::GetCapturedStdout(),
      HasSubstr("Cite a row as: a.b sha256:00 platform_region[platform=meals,"
                "region=north]\nAnother row: the same with its own values, "
                "[platform=VALUE,region=VALUE]; |\nstands between values added "
                "up.\n"));
}

TEST(RequestTest, CellsAreReadWithSeveralValuesPerDimension) {
  const auto cell = ReadCell("gender=woman,nonbinary,experience=5-7");
  ASSERT_OK(cell);
  ASSERT_EQ(cell->size(), 2U);
  EXPECT_EQ((*cell)[0].dimension(), "gender");
  EXPECT_THAT((*cell)[0].values(), ElementsAre("woman", "nonbinary"));
  EXPECT_THAT((*cell)[1].values(), ElementsAre("5-7"));
  for (const char* wrong : {"", "woman", "=woman", "gender=", "gender=a,,b"}) {
    EXPECT_THAT(ReadCell(wrong), HasReason("WRONG_USE")) << wrong;
  }
}

TEST(RequestTest, RatesAreReadInWholeUnits) {
  EXPECT_EQ(*ReadAmount("17.50", 2), 1750);
  EXPECT_EQ(*ReadAmount("17.5", 2), 1750);
  EXPECT_EQ(*ReadAmount("17", 2), 1700);
  EXPECT_EQ(*ReadAmount("52000", 0), 52000);
  for (const char* wrong : {"", "0", "-1", "17.505", "17.", ".5", "1e5",
                            "17,50", "x", "9999999999999999999"}) {
    EXPECT_THAT(ReadAmount(wrong, 2), HasReason("WRONG_USE")) << wrong;
  }
  EXPECT_THAT(ReadAmount("52000.5", 0), HasReason("WRONG_USE"));
}

TEST(WaitingTest, AWaitingAnswerIsSentAtItsTimeThroughFailures) {
  const MadeRound round = MakeRound();
  FakeServer server(round);
  Participant person(server, 1);
  const auto visit = person.participation.VisitRound(round.Id(), {});
  ASSERT_OK(visit);
  const auto waiting = person.participation.Submit(
      visit->round,
      {{"platform", "other"}, {"region", "north"}, {"hourly_pay", "9"}}, {});
  ASSERT_OK(waiting);
  int failures = 0;
  const auto sent = WaitAndSend(
      person.participation, round.Id(), person.clock,
      [&](absl::Duration duration) {
        person.clock.Advance(duration);
        // The server is away when the time comes, and back after a while.
        const bool away =
            person.clock.Now() >= waiting->send_at && ++failures < 4;
        server.failure = away ? Refusal(absl::StatusCode::kUnavailable,
                                        "SERVER_UNREACHABLE", "It is down.")
                              : absl::OkStatus();
      });
  ASSERT_OK(sent);
  EXPECT_EQ(sent->state, Standing::State::kStored);
  EXPECT_GE(person.clock.Now(), waiting->send_at);
  EXPECT_EQ(failures, 4);
}

TEST(WaitingTest, ARoundThatClosedMeanwhileEndsTheWait) {
  const MadeRound round = MakeRound();
  FakeServer server(round);
  Participant person(server, 1);
  const auto visit = person.participation.VisitRound(round.Id(), {});
  ASSERT_OK(visit);
  ASSERT_OK(person.participation.Submit(
      visit->round,
      {{"platform", "other"}, {"region", "north"}, {"hourly_pay", "9"}}, {}));
  server.state = v1::ROUND_STATE_CLOSED;
  // The device slept past the close.
  const absl::Duration slept =
      visit->round.manifest.plan.closes_at - person.clock.Now();
  EXPECT_THAT(WaitAndSend(person.participation, round.Id(), person.clock,
                          [&](absl::Duration /*duration*/) {
                            person.clock.Advance(slept);
                          }),
              HasReason("ROUND_CLOSED"));
}

TEST(WaitingTest, ARoundThatClosedBeforeItsTimeEndsTheWaitAndErasesNothing) {
  const MadeRound round = MakeRound();
  FakeServer server(round);
  Participant person(server, 1);
  const auto visit = person.participation.VisitRound(round.Id(), {});
  ASSERT_OK(visit);
  ASSERT_OK(person.participation.Submit(
      visit->round,
      {{"platform", "other"}, {"region", "north"}, {"hourly_pay", "9"}}, {}));
  server.state = v1::ROUND_STATE_CLOSED;
  EXPECT_THAT(WaitAndSend(person.participation, round.Id(), person.clock,
                          [&](absl::Duration duration) {
                            person.clock.Advance(duration);
                          }),
              HasReason("CLOSED_BEFORE_TIME"));
  server.state = v1::ROUND_STATE_OPEN;
  const auto sent = person.participation.Resume(round.Id(), true);
  ASSERT_OK(sent);
  EXPECT_EQ(sent->state, Standing::State::kStored);
}

}  // namespace
}  // namespace commonwage::client::cli
