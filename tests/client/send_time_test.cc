// SPDX-License-Identifier: Apache-2.0
#include "client/send_time.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/round_trust.h"
#include "tests/client/made_round.h"
#include "tests/client/participant.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::HasReason;
using ::commonwage::testing::InMidRound;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::SeededRandom;

class SendTimeTest : public ::testing::Test {
 protected:
  TrustedRound Round(v1::RoundState state) const {
    return *CheckRound(made_.ToProto(state), made_.Id(), {});
  }

  const MadeRound made_ = MakeRound();
  const absl::Time opens_ = made_.manifest.plan.opens_at;
  const absl::Time closes_ = made_.manifest.plan.closes_at;
  SeededRandom random_{5};
};

TEST_F(SendTimeTest, TimesSpreadOverTheWholeDelay) {
  const TrustedRound round = Round(v1::ROUND_STATE_OPEN);
  constexpr int kDraws = 4800;
  std::vector<int> per_hour(48);
  for (int i = 0; i < kDraws; ++i) {
    const auto time =
        DrawSendTime(round, InMidRound(), absl::Hours(48), random_);
    ASSERT_OK(time);
    const int64_t hour = absl::ToInt64Hours(*time - InMidRound());
    ASSERT_GE(hour, 0);
    ASSERT_LT(hour, 48);
    ++per_hour[static_cast<size_t>(hour)];
  }
  // 100 are expected per hour; 50 off is five standard deviations.
  for (const int count : per_hour) {
    EXPECT_NEAR(count, kDraws / 48, 50);
  }
}

TEST_F(SendTimeTest, NoDelayIsNow) {
  EXPECT_EQ(*DrawSendTime(Round(v1::ROUND_STATE_OPEN), InMidRound(),
                          absl::ZeroDuration(), random_),
            InMidRound());
}

TEST_F(SendTimeTest, TheDelayEndsBeforeTheRoundDoes) {
  const absl::Time late = closes_ - absl::Hours(10);
  for (int i = 0; i < 100; ++i) {
    const auto time = DrawSendTime(Round(v1::ROUND_STATE_OPEN), late,
                                   absl::Hours(48), random_);
    ASSERT_OK(time);
    EXPECT_LE(*time, closes_ - absl::Hours(1));
  }
}

TEST_F(SendTimeTest, BeforeTheOpeningTheDelayBeginsThere) {
  const auto time =
      DrawSendTime(Round(v1::ROUND_STATE_CREATED), opens_ - absl::Hours(72),
                   absl::Hours(48), random_);
  ASSERT_OK(time);
  EXPECT_GE(*time, opens_);
  EXPECT_LE(*time, opens_ + absl::Hours(48));
}

TEST_F(SendTimeTest, WithoutADelayTheRoundMustBeOpen) {
  EXPECT_THAT(
      DrawSendTime(Round(v1::ROUND_STATE_CREATED), opens_ - absl::Hours(1),
                   absl::ZeroDuration(), random_),
      HasReason(Reason::kRoundNotOpen));
  for (const v1::RoundState state :
       {v1::ROUND_STATE_CLOSED, v1::ROUND_STATE_PUBLISHED,
        v1::ROUND_STATE_ERASED}) {
    EXPECT_THAT(
        DrawSendTime(Round(state), InMidRound(), absl::Hours(48), random_),
        HasReason(Reason::kRoundClosed));
  }
}

TEST_F(SendTimeTest, AClockThatIsOffByDaysIsNoticedInsteadOfMissingTheClose) {
  const TrustedRound open = Round(v1::ROUND_STATE_OPEN);
  for (const absl::Time now :
       {opens_ - absl::Hours(72), closes_ + absl::Hours(72)}) {
    EXPECT_THAT(DrawSendTime(open, now, absl::Hours(48), random_),
                HasReason(Reason::kClockOff));
    // To send at once no clock is needed.
    EXPECT_OK(DrawSendTime(open, now, absl::ZeroDuration(), random_));
  }
  EXPECT_THAT(DrawSendTime(Round(v1::ROUND_STATE_CREATED),
                           opens_ + absl::Hours(72), absl::Hours(48), random_),
              HasReason(Reason::kClockOff));
}

TEST_F(SendTimeTest, AClockThatIsSlowInsideTheRoundIsNoticedByTheServersHour) {
  TrustedRound open = Round(v1::ROUND_STATE_OPEN);
  open.server_hour = closes_ - absl::Hours(1);
  const absl::Time true_time = closes_ - absl::Minutes(10);
  EXPECT_THAT(
      DrawSendTime(open, true_time - absl::Hours(96), absl::Hours(48), random_),
      HasReason(Reason::kClockOff));
  EXPECT_OK(DrawSendTime(open, true_time - absl::Hours(96),
                         absl::ZeroDuration(), random_));
  for (const absl::Duration off :
       {-absl::Hours(2), absl::ZeroDuration(), absl::Minutes(9)}) {
    EXPECT_OK(DrawSendTime(open, true_time + off, absl::Hours(48), random_));
  }
  open.server_hour = InMidRound();
  EXPECT_THAT(DrawSendTime(open, InMidRound() + absl::Hours(3), absl::Hours(48),
                           random_),
              HasReason(Reason::kClockOff));
  // An older server does not say it.
  open.server_hour.reset();
  EXPECT_OK(DrawSendTime(open, InMidRound(), absl::Hours(48), random_));
}

TEST_F(SendTimeTest, WhatWaitsIsDueAtItsTimeOrWhenTheClockWasSetBack) {
  WaitingFrame waiting;
  waiting.set_decided_at(absl::ToUnixSeconds(InMidRound()));
  waiting.set_send_at(absl::ToUnixSeconds(InMidRound() + absl::Hours(30)));
  EXPECT_FALSE(IsDue(waiting, InMidRound()));
  EXPECT_FALSE(IsDue(waiting, InMidRound() - absl::Minutes(5)));
  EXPECT_FALSE(IsDue(waiting, InMidRound() + absl::Hours(29)));
  EXPECT_TRUE(IsDue(waiting, InMidRound() + absl::Hours(30)));
  EXPECT_TRUE(IsDue(waiting, InMidRound() - absl::Hours(72)));
}

}  // namespace
}  // namespace commonwage::client
