// SPDX-License-Identifier: Apache-2.0
#include "survey/round_order.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commonwage {
namespace {

using ::testing::ElementsAre;

absl::Time Day(int day) {
  return absl::FromCivil(absl::CivilDay(2026, 1, day), absl::UTCTimeZone());
}

TEST(RoundOrderTest, OpeningComesFirstThenClosingThenName) {
  std::vector<RoundPlace> rounds = {
      {Day(2), Day(3), "a"}, {Day(1), Day(9), "a"}, {Day(1), Day(4), "z"},
      {Day(1), Day(4), "b"}, {Day(1), Day(9), "0"},
  };
  std::sort(rounds.begin(), rounds.end(), IsEarlier);
  std::vector<std::string> order;
  for (const RoundPlace& round : rounds) {
    order.emplace_back(round.id);
  }
  EXPECT_THAT(order, ElementsAre("b", "z", "0", "a", "a"));
  EXPECT_EQ(rounds.back().opens_at, Day(2));
}

TEST(RoundOrderTest, NoRoundComesBeforeItself) {
  const RoundPlace round = {Day(1), Day(2), "a"};
  EXPECT_FALSE(IsEarlier(round, round));
}

}  // namespace
}  // namespace commonwage
