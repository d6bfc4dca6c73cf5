// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/guess_limiter.h"

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "survey/enrolment_code.h"
#include "tests/testing/fake_clock.h"

namespace commonwage::server::issuer {
namespace {

using testing::FakeClock;

class GuessLimiterTest : public ::testing::Test {
 protected:
  FakeClock clock_{absl::FromUnixSeconds(1'000'000)};
};

TEST_F(GuessLimiterTest, EndsAConnectionAfterFiveWrongCodesUntilTheHourIsOver) {
  GuessLimiter limiter(clock_);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(limiter.MayTry("a"));
    limiter.CountWrong("a");
  }
  EXPECT_FALSE(limiter.MayTry("a"));
  EXPECT_TRUE(limiter.MayTry("b"));
  clock_.Advance(absl::Minutes(59));
  EXPECT_FALSE(limiter.MayTry("a"));
  clock_.Advance(absl::Minutes(1));
  EXPECT_TRUE(limiter.MayTry("a"));
}

TEST_F(GuessLimiterTest, SlowsEverybodyTogether) {
  GuessLimiter limiter(
      clock_, {.per_connection = 5, .total_burst = 10, .total_per_second = 2});
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(limiter.MayTry(absl::StrCat(i)));
    limiter.CountWrong(absl::StrCat(i));
  }
  EXPECT_FALSE(limiter.MayTry("new"));
  clock_.Advance(absl::Milliseconds(500));
  EXPECT_TRUE(limiter.MayTry("new"));
}

TEST_F(GuessLimiterTest, RightCodesCostNothing) {
  GuessLimiter limiter(clock_);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(limiter.MayTry("a"));
  }
}

TEST_F(GuessLimiterTest, AGuesserOfFiftyASecondKeepsNobodyOut) {
  GuessLimiter limiter(clock_);
  for (int second = 0; second < 120; ++second) {
    for (int i = 0; i < 50; ++i) {
      const std::string connection = absl::StrCat(second, "/", i);
      ASSERT_TRUE(limiter.MayTry(connection));
      limiter.CountWrong(connection);
    }
    ASSERT_TRUE(limiter.MayTry("member"));
    clock_.Advance(absl::Seconds(1));
  }
}

TEST_F(GuessLimiterTest, AMillionLettersOutlastTenThousandYearsOfGuessing) {
  const GuessLimits limits;
  const double tries_a_year = limits.total_per_second * 365.25 * 24 * 3600;
  const double codes =
      std::pow(static_cast<double>(kEnrolmentAlphabet.size()),
               static_cast<double>(kEnrolmentRandomCharacters));
  EXPECT_GT(codes / (tries_a_year * 1e6), 10'000);
}

TEST_F(GuessLimiterTest, MoreConnectionsThanItRemembersStayUnderTheTotal) {
  GuessLimiter limiter(clock_, {.per_connection = 1,
                                .total_burst = 8,
                                .total_per_second = 1,
                                .max_connections = 3});
  for (int i = 0; i < 8; ++i) {
    EXPECT_TRUE(limiter.MayTry(absl::StrCat(i)));
    limiter.CountWrong(absl::StrCat(i));
    EXPECT_FALSE(limiter.MayTry(absl::StrCat(i)));
  }
  EXPECT_FALSE(limiter.MayTry("new"));
}

TEST_F(GuessLimiterTest, RemembersNoMoreConnectionsThanItMay) {
  GuessLimiter limiter(clock_, {.per_connection = 1, .max_connections = 3});
  for (const char* connection : {"a", "b", "c"}) {
    limiter.CountWrong(connection);
    EXPECT_FALSE(limiter.MayTry(connection));
  }
  // One more, and all that were remembered are forgotten.
  limiter.CountWrong("d");
  EXPECT_FALSE(limiter.MayTry("d"));
  for (const char* connection : {"a", "b", "c"}) {
    EXPECT_TRUE(limiter.MayTry(connection));
  }
}

TEST_F(GuessLimiterTest, AClockSetBackTakesNothingAwayAndKeepsNobodyOut) {
  GuessLimiter limiter(
      clock_, {.per_connection = 1, .total_burst = 10, .total_per_second = 1});
  limiter.CountWrong("a");
  EXPECT_FALSE(limiter.MayTry("a"));
  clock_.Advance(-absl::Hours(24));
  EXPECT_TRUE(limiter.MayTry("b"));
  // Else it would be kept out until the clock has caught up, and an hour more.
  EXPECT_TRUE(limiter.MayTry("a"));
}

TEST_F(GuessLimiterTest, AQuietYearSavesUpNoMoreThanTheBurst) {
  GuessLimiter limiter(
      clock_, {.per_connection = 5, .total_burst = 3, .total_per_second = 1});
  clock_.Advance(absl::Hours(24 * 365));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(limiter.MayTry(absl::StrCat(i)));
    limiter.CountWrong(absl::StrCat(i));
  }
  EXPECT_FALSE(limiter.MayTry("new"));
}

TEST_F(GuessLimiterTest, AClockSetBackRefillsNothing) {
  GuessLimiter limiter(
      clock_, {.per_connection = 5, .total_burst = 1, .total_per_second = 1});
  limiter.CountWrong("a");
  clock_.Advance(-absl::Hours(2));
  EXPECT_FALSE(limiter.MayTry("b"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(limiter.MayTry("b"));
}

}  // namespace
}  // namespace commonwage::server::issuer
