// SPDX-License-Identifier: Apache-2.0
// How figures and requests read.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/cli/chart.h"
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
  const std::vector<ChartRow> rows = {
      {"law", true, Estimate(60000, 2000), Estimate(40000, 0),
       Estimate(100000, 0)},
      {"health", true, Estimate(50000, 9000, v1::QUALITY_POOR),
       Estimate(30000, 0), Estimate(90000, 0)},
      {"insurance", false, {}, {}, {}}};
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
  estimate.set_off_grid(true);
  EXPECT_EQ(ValueText(estimate, {2}), ">22.00");
  estimate.mutable_interval()->set_open_low(true);
  EXPECT_EQ(ValueText(estimate, {2}), "…");
  estimate.mutable_interval()->set_open_high(false);
  EXPECT_EQ(ValueText(estimate, {2}), "<22.00");
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
  EXPECT_THAT(WaitAndSend(person.participation, round.Id(), person.clock,
                          [&](absl::Duration duration) {
                            person.clock.Advance(duration);
                          }),
              HasReason("ROUND_CLOSED"));
}

}  // namespace
}  // namespace commonwage::client::cli
