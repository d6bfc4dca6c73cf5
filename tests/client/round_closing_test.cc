// SPDX-License-Identifier: Apache-2.0
// When a round closes with something on the device: what the rules and the
// clock say counts, not a server's word alone.

#include <string>

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/participation.h"
#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::InMidRound;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using State = ParticipationStatus::State;

const EnteredAnswer kAnswer = {
    {"platform", "fast-food"}, {"region", "south"}, {"hourly_pay", "13.50"}};
const EnteredAnswer kOtherAnswer = {
    {"platform", "other"}, {"region", "north"}, {"hourly_pay", "9"}};

class RoundClosingTest : public ::testing::Test {
 protected:
  TrustedRound Visit() {
    const auto visit = person_.participation.VisitRound(id_, {});
    EXPECT_OK(visit);
    return visit->round;
  }

  absl::StatusOr<ParticipationStatus> Submit(const SubmitOptions& choices) {
    return person_.participation.Submit(Visit(), kAnswer, choices);
  }

  State StateNow() {
    const RoundRecord record = person_.Record(id_);
    return DeriveStatus(id_, &record)->state;
  }

  // The server's clock and state and the device's clock, after the close.
  void CloseTruly() {
    server_.state = v1::ROUND_STATE_CLOSED;
    const absl::Time after = round_.manifest.plan.closes_at + absl::Minutes(5);
    server_.server_hour = absl::ToUnixSeconds(
        absl::FromUnixSeconds(absl::ToUnixSeconds(after) / 3600 * 3600));
    person_.clock.Set(after);
  }

  const MadeRound round_ = MakeRound();
  const std::string id_ = round_.Id();
  FakeServer server_{round_};
  Participant person_{server_, 1};
};

TEST_F(RoundClosingTest, AnAnswerThatWaitedBeyondTheCloseIsToldAsMissed) {
  ASSERT_OK(Submit(SubmitOptions()));
  CloseTruly();
  const auto late = person_.participation.Resume(id_, true);
  EXPECT_THAT(late, HasReason(Reason::kRoundClosed));
  EXPECT_THAT(std::string(late.status().message()),
              HasSubstr("it is not counted"));
  EXPECT_FALSE(person_.Record(id_).has_waiting());
  EXPECT_EQ(StateNow(), State::kMissed);
}

TEST_F(RoundClosingTest, WhatTheServerMayHaveIsNotToldAsMissed) {
  server_.lose_answers = true;
  EXPECT_FALSE(Submit(Participant::AtOnce()).ok());
  CloseTruly();
  const auto late = person_.participation.Resume(id_, true);
  EXPECT_THAT(late, HasReason(Reason::kRoundClosed));
  EXPECT_THAT(std::string(late.status().message()), HasSubstr("may not be"));
  EXPECT_EQ(StateNow(), State::kUnconfirmed);
}

TEST_F(RoundClosingTest, AChangeThatComesTooLateLeavesTheAnswerAsItWas) {
  ASSERT_OK(Submit(Participant::AtOnce()));
  CloseTruly();
  EXPECT_THAT(person_.participation.Amend(Visit(), kOtherAnswer),
              HasReason(Reason::kRoundClosed));
  EXPECT_EQ(StateNow(), State::kStored);
}

TEST_F(RoundClosingTest, AServerThatLiesAboutTheCloseErasesNothing) {
  ASSERT_OK(Submit(SubmitOptions()));
  server_.state = v1::ROUND_STATE_CLOSED;
  const auto told = person_.participation.Resume(id_, true);
  EXPECT_THAT(told, HasReason(Reason::kClosedBeforeTime));
  EXPECT_THAT(std::string(told.status().message()),
              HasSubstr("closes at 2026-02-01 00:00 UTC"));
  EXPECT_THAT(std::string(told.status().message()),
              HasSubstr("kept in the wallet"));
  EXPECT_EQ(StateNow(), State::kWaiting);
  // However often it says so, up to the last minute.
  person_.clock.Set(round_.manifest.plan.closes_at - absl::Minutes(1));
  EXPECT_THAT(person_.participation.Resume(id_, true),
              HasReason(Reason::kClosedBeforeTime));
  server_.state = v1::ROUND_STATE_OPEN;
  EXPECT_EQ(person_.participation.Resume(id_, true)->state, State::kStored);
  EXPECT_THAT(server_.Stored(), SizeIs(1));
}

TEST_F(RoundClosingTest, AClockThatIsDaysFastErasesNothingEither) {
  ASSERT_OK(Submit(SubmitOptions()));
  server_.state = v1::ROUND_STATE_CLOSED;
  server_.server_hour = absl::ToUnixSeconds(InMidRound());
  person_.clock.Set(round_.manifest.plan.closes_at + absl::Hours(72));
  EXPECT_THAT(person_.participation.Resume(id_, true),
              HasReason(Reason::kClosedBeforeTime));
  EXPECT_EQ(StateNow(), State::kWaiting);
}

TEST_F(RoundClosingTest, AnAmendmentWaitsAsWellIfTheServerLies) {
  ASSERT_OK(Submit(Participant::AtOnce()));
  const TrustedRound round = Visit();
  server_.state = v1::ROUND_STATE_CLOSED;
  EXPECT_THAT(person_.participation.Amend(round, kOtherAnswer),
              HasReason(Reason::kClosedBeforeTime));
  EXPECT_EQ(StateNow(), State::kWaiting);
  server_.state = v1::ROUND_STATE_OPEN;
  const auto standing = person_.participation.Resume(id_, true);
  ASSERT_OK(standing);
  EXPECT_EQ(standing->sequence, 1U);
}

TEST_F(RoundClosingTest, WhoTakesBackWhatWaitsIsNotSentLater) {
  server_.lose_answers = true;
  EXPECT_FALSE(Submit(Participant::AtOnce()).ok());
  server_.lose_answers = false;
  server_.state = v1::ROUND_STATE_CLOSED;
  EXPECT_THAT(person_.participation.Withdraw(Visit()),
              HasReason(Reason::kClosedBeforeTime));
  server_.state = v1::ROUND_STATE_OPEN;
  EXPECT_EQ(person_.participation.Resume(id_, true)->state, State::kWithdrawn);
  EXPECT_EQ(server_.Stored().begin()->second, "");
}

}  // namespace
}  // namespace commonwage::client
