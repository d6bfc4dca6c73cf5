// SPDX-License-Identifier: Apache-2.0
// A round that was called off, on a person's device: the survey's key must say
// so, the server's word is not enough; and a release that was seen beats it.

#include <string>

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/enrolment.h"
#include "client/participation.h"
#include "client/seen_rounds.h"
#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;
using ::testing::HasSubstr;
using State = ParticipationStatus::State;

const EnteredAnswer kAnswer = {
    {"platform", "fast-food"}, {"region", "south"}, {"hourly_pay", "13.50"}};

constexpr int64_t kLoss = 285'000;  // Of a round of the sample plan.
constexpr absl::Duration kLater = absl::Hours(1);

class CalledOffTest : public ::testing::Test {
 protected:
  absl::StatusOr<CheckedRound> VisitIt() {
    return person_.participation.VisitRound(id_, {});
  }
  absl::StatusOr<ParticipationStatus> Submit(const SubmitOptions& choices) {
    return person_.participation.Submit(VisitIt()->round, kAnswer, choices);
  }
  State StateNow() {
    const RoundRecord record = person_.Record(id_);
    return DeriveStatus(id_, &record)->state;
  }
  // The server refuses frames, and shows `round`.
  void CallOff(const v1::Round& round) {
    server_.shown_round = round;
    server_.refusal = Refusal(Reason::kRoundCancelled, "The server said no.");
  }

  const MadeRound round_ = MakeRound();
  const std::string id_ = round_.Id();
  FakeServer server_{round_};
  Participant person_{server_, 1};
};

TEST_F(CalledOffTest, WhatWaitsIsDroppedAndToldAsDestroyedUnread) {
  ASSERT_OK(Submit(SubmitOptions()));
  CallOff(round_.CalledOff());
  const auto told = person_.participation.Resume(id_, true);
  EXPECT_THAT(told, HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(std::string(told.status().message()),
              HasSubstr("your answer was destroyed unread"));
  EXPECT_FALSE(person_.Record(id_).has_waiting());
  EXPECT_EQ(StateNow(), State::kCalledOff);
  // And offline from then on.
  EXPECT_EQ(person_.participation.Resume(id_, true)->state, State::kCalledOff);
}

TEST_F(CalledOffTest, WhatWasStoredIsToldSoWhenAskedFor) {
  ASSERT_OK(Submit(Participant::AtOnce()));
  CallOff(round_.CalledOff());
  EXPECT_EQ(person_.participation.AskAgain(id_)->state, State::kCalledOff);
  const TrustedRound round = VisitIt()->round;
  EXPECT_THAT(person_.participation.Amend(round, kAnswer),
              HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(person_.participation.Withdraw(round),
              HasReason(Reason::kRoundCancelled));
  EXPECT_FALSE(person_.Record(id_).has_waiting());
}

TEST_F(CalledOffTest, NobodyAnswersOrEnrolsAnyMore) {
  CallOff(round_.CalledOff());
  const TrustedRound round = VisitIt()->round;
  EXPECT_EQ(round.state, v1::ROUND_STATE_CANCELLED);
  const auto told =
      person_.participation.Submit(round, kAnswer, Participant::AtOnce());
  EXPECT_THAT(told, HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(std::string(told.status().message()),
              HasSubstr("It takes no answers"));
  EXPECT_THAT(CheckAnswer(round, nullptr, kAnswer, {}, person_.clock.Now()),
              HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(CheckMayEnrol(round, nullptr, false),
              HasReason(Reason::kRoundCancelled));
  EXPECT_EQ(StateNow(), State::kNothing);
}

TEST_F(CalledOffTest, AServerThatLiesDropsNothing) {
  ASSERT_OK(Submit(SubmitOptions()));
  const MadeRound other = MakeRound({.round = "2026-q2", .later = kLater});
  const MadeRound stranger = MakeRound({.seed = 99});
  v1::Round by_stranger = round_.CalledOff();
  *by_stranger.mutable_cancellation() = stranger.Cancellation();
  v1::Round of_another = round_.CalledOff();
  *of_another.mutable_cancellation() = other.Cancellation();
  v1::Round altered = round_.CalledOff();
  altered.mutable_cancellation()->mutable_cancellation()->back() ^= 1;
  for (const v1::Round& lie :
       {round_.ToProto(v1::ROUND_STATE_CANCELLED), by_stranger, of_another,
        altered, round_.ToProto(v1::ROUND_STATE_OPEN)}) {
    CallOff(lie);
    EXPECT_THAT(person_.participation.Resume(id_, true),
                HasReason(Reason::kCancellationRefused));
    EXPECT_EQ(StateNow(), State::kWaiting);
  }
  for (const v1::Round& lie : {by_stranger, of_another, altered}) {
    EXPECT_THAT(CheckRound(lie, id_, {}),
                HasReason(Reason::kCancellationRefused));
  }
  server_.shown_round.reset();
  server_.refusal = absl::OkStatus();
  EXPECT_EQ(person_.participation.Resume(id_, true)->state, State::kStored);
}

TEST_F(CalledOffTest, AWordThatWasSeenOnceIsKept) {
  ASSERT_OK(Submit(Participant::AtOnce()));
  CallOff(round_.CalledOff());
  ASSERT_OK(VisitIt());
  server_.shown_round.reset();
  ASSERT_OK(VisitIt());
  EXPECT_EQ(StateNow(), State::kCalledOff);
  // But for a release.
  server_.shown_round = round_.ToProto(v1::ROUND_STATE_ERASED);
  ASSERT_OK(VisitIt());
  EXPECT_EQ(StateNow(), State::kStored);
}

// A survey's account: two rounds of it are too much, unless one is called off.
class CalledOffAccountTest : public CalledOffTest {
 protected:
  absl::Status PromiseOfSecond() {
    Participation there(person_.wallet, second_server_, "127.0.0.1:1",
                        person_.clock, person_.random);
    return there.VisitRound(second_.Id(), {})->round.promise;
  }

  const MadeRound second_ = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = 2 * kLoss - 1});
  FakeServer second_server_{second_};
};

TEST_F(CalledOffAccountTest, ACalledOffRoundCostsNothing) {
  ASSERT_OK(VisitIt());
  second_server_.other_rounds = {round_.CalledOff()};
  EXPECT_OK(PromiseOfSecond());
  // It is remembered, and need not be shown again.
  second_server_.other_rounds.clear();
  EXPECT_OK(PromiseOfSecond());
}

TEST_F(CalledOffAccountTest, WhoWasNotShownItAtFirstIsShownItLater) {
  ASSERT_OK(VisitIt());
  EXPECT_THAT(PromiseOfSecond(), HasReason(Reason::kPrivacyCapExceeded));
  second_server_.other_rounds = {round_.CalledOff()};
  EXPECT_OK(PromiseOfSecond());
}

TEST_F(CalledOffAccountTest, AReleaseBeatsACancellationInEitherOrder) {
  server_.shown_round = round_.ToProto(v1::ROUND_STATE_PUBLISHED);
  ASSERT_OK(VisitIt());
  second_server_.other_rounds = {round_.CalledOff()};
  EXPECT_THAT(PromiseOfSecond(), HasReason(Reason::kPrivacyCapExceeded));

  Participant other(server_, 2);
  server_.shown_round = round_.CalledOff();
  ASSERT_OK(other.participation.VisitRound(id_, {}));
  server_.shown_round = round_.ToProto(v1::ROUND_STATE_PUBLISHED);
  ASSERT_OK(other.participation.VisitRound(id_, {}));
  Participation there(other.wallet, second_server_, "127.0.0.1:1", other.clock,
                      other.random);
  EXPECT_THAT(there.VisitRound(second_.Id(), {})->round.promise,
              HasReason(Reason::kPrivacyCapExceeded));
}

TEST_F(CalledOffAccountTest, AForgedCancellationGivesNothingBack) {
  ASSERT_OK(VisitIt());
  v1::Round forged = round_.CalledOff();
  forged.mutable_cancellation()->clear_signatures();
  second_server_.other_rounds = {forged};
  EXPECT_THAT(PromiseOfSecond(), HasReason(Reason::kPrivacyCapExceeded));
}

}  // namespace
}  // namespace commonwage::client
