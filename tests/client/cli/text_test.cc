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
#include "client/cli/request.h"
#include "client/cli/text/chart.h"
#include "client/cli/text/figures_text.h"
#include "client/cli/text/words.h"
#include "client/cli/waiting.h"
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

TEST(WordsTest, AmountsAreGroupedAndKeepTheirDecimals) {
  EXPECT_EQ(Money(0, 0), "0");
  EXPECT_EQ(Money(999, 0), "999");
  EXPECT_EQ(Money(52000, 0), "52,000");
  EXPECT_EQ(Money(1234567, 2), "12,345.67");
  EXPECT_EQ(Money(-1234567, 0), "-1,234,567");
  EXPECT_EQ(Money(-100, 0), "-100");
  EXPECT_EQ(Money(1249.6, 2), "12.50");
}

std::string SummaryText(const v1::SummarizeResponse& response) {
  ::testing::internal::CaptureStdout();
  TellSummary(response, Page());
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
  TellSummary(response, Page());
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
    EXPECT_THAT(ReadCell(wrong), HasReason(Reason::kWrongUse)) << wrong;
  }
}

TEST(RequestTest, RatesAreReadInWholeUnits) {
  EXPECT_EQ(*ReadAmount("17.50", 2), 1750);
  EXPECT_EQ(*ReadAmount("17.5", 2), 1750);
  EXPECT_EQ(*ReadAmount("17", 2), 1700);
  EXPECT_EQ(*ReadAmount("52000", 0), 52000);
  for (const char* wrong : {"", "0", "-1", "17.505", "17.", ".5", "1e5",
                            "17,50", "x", "9999999999999999999"}) {
    EXPECT_THAT(ReadAmount(wrong, 2), HasReason(Reason::kWrongUse)) << wrong;
  }
  EXPECT_THAT(ReadAmount("52000.5", 0), HasReason(Reason::kWrongUse));
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
        server.failure =
            away ? Refusal(Reason::kServerUnreachable, "It is down.")
                 : absl::OkStatus();
      });
  ASSERT_OK(sent);
  EXPECT_EQ(sent->state, ParticipationStatus::State::kStored);
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
              HasReason(Reason::kRoundClosed));
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
              HasReason(Reason::kClosedBeforeTime));
  server.state = v1::ROUND_STATE_OPEN;
  const auto sent = person.participation.Resume(round.Id(), true);
  ASSERT_OK(sent);
  EXPECT_EQ(sent->state, ParticipationStatus::State::kStored);
}

}  // namespace
}  // namespace commonwage::client::cli
