// SPDX-License-Identifier: Apache-2.0
#include "privacy/odds_text.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commonwage::privacy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr BestGuess kFair = {.took_part = 6401, .which_answer = 6999};
constexpr BestGuess kMany = {.took_part = 8000, .which_answer = 8500};

TEST(OddsTextTest, BothQuestionsAreAnsweredAndRoundedUp) {
  const std::string words = OddsOfPlan(kFair, kMany, 3);
  EXPECT_THAT(words, HasSubstr("took part in this round is right in at most "
                               "64.1 of 100 cases; which of two answers that "
                               "person gave, in at most 70.0; tossing a coin, "
                               "in 50. After all 3 rounds"));
  EXPECT_THAT(words, HasSubstr("took part, in at most 80.0; which of two "
                               "answers they gave, in at most 85.0."));
  EXPECT_THAT(OddsOfPlan(kFair, kFair, 1), Not(HasSubstr("rounds")));
}

TEST(OddsTextTest, OpenAdmissionPromisesNothingToAPerson) {
  EXPECT_THAT(OddsOfRelease(kFair, ProtectedUnit::kPerson),
              HasSubstr("whether one given person took part is right in at "
                        "most 64.1 of 100 cases, and which of two answers they "
                        "gave in at most 70.0"));
  EXPECT_THAT(OddsOfRelease(kFair, ProtectedUnit::kAnswer),
              ::testing::AllOf(HasSubstr("per answer"), HasSubstr("64.1"),
                               HasSubstr("70.0"), Not(HasSubstr("person"))));
}

std::vector<std::string> Warnings(const BestGuess& one, const BestGuess& all,
                                  int64_t rounds) {
  std::vector<std::string> warnings;
  AppendWeakProtection(one, all, rounds, warnings);
  return warnings;
}

TEST(OddsTextTest, WeakProtectionIsWarnedOfByEitherQuestion) {
  EXPECT_THAT(Warnings(kFair, kMany, 3), IsEmpty());
  EXPECT_THAT(Warnings({.took_part = 7501, .which_answer = 8000}, kMany, 3),
              ElementsAre(HasSubstr("This round protects weakly: whether "
                                    "somebody took part can be guessed right "
                                    "in up to 75.1 of 100 cases, and which of "
                                    "two answers they gave in up to 80.0.")));
  EXPECT_THAT(Warnings({.took_part = 7500, .which_answer = 8501}, kMany, 3),
              ElementsAre(HasSubstr("This round protects weakly")));
  EXPECT_THAT(Warnings(kFair, {.took_part = 9000, .which_answer = 9701}, 3),
              ElementsAre(HasSubstr("All 3 rounds under the cap together")));
}

}  // namespace
}  // namespace commonwage::privacy
