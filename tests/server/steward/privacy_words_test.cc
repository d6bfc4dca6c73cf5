// SPDX-License-Identifier: Apache-2.0
// What people read of a plan's privacy: the odds on the page for everybody,
// computed again, and the lines of `plan preview`, never rounded down.
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/best_guess.h"
#include "privacy/forecast/preview.h"
#include "privacy/plan_loss.h"
#include "server/steward/plan_preview.h"
#include "server/steward/plan_template.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using ::testing::HasSubstr;

privacy::BestGuess OddsOf(const Plan& plan) {
  const auto loss = privacy::LossOf(plan);
  EXPECT_OK(loss);
  return privacy::BestGuessOf(plan, *loss, 1);
}

// Whole cases in 100, rounded up.
int64_t Cases(int64_t cases_in_ten_thousand) {
  return (cases_in_ten_thousand + 99) / 100;
}

TEST(PrivacyWordsTest, NoEpsilonAndNoDeltaOfAPreviewIsRoundedDown) {
  privacy::forecast::PlanPreview preview;
  preview.epsilons = {{1e-6, 3.8401}};
  preview.pure_epsilon = 0.901;
  preview.threshold_delta = 1.7001e-7;
  preview.threshold_delta_under_cap = 6.01e-7;
  const std::string text = TextOf(preview);
  EXPECT_THAT(text, HasSubstr("epsilon 3.85 at delta 1e-06, one round"));
  EXPECT_THAT(text, HasSubstr("epsilon 0.91 but for the rule"));
  EXPECT_THAT(text, HasSubstr("1.8e-07 in one"));
  EXPECT_THAT(text, HasSubstr("6.1e-07 in all"));
}

TEST(PrivacyWordsTest, APreviewGivesBothOddsAsTextAndAsJson) {
  const auto plan = PlanFromTemplate(PlanTemplates().front(), {},
                                     absl::FromUnixSeconds(1'767'225'600));
  ASSERT_OK(plan);
  const auto preview = privacy::forecast::Preview(*plan);
  ASSERT_OK(preview);
  const v1::PlanPreview message = MessageOf(*preview);
  const privacy::BestGuess odds = OddsOf(*plan);
  EXPECT_DOUBLE_EQ(message.best_guess().took_part(),
                   static_cast<double>(odds.took_part) / 1e4);
  EXPECT_DOUBLE_EQ(message.best_guess().which_answer(),
                   static_cast<double>(odds.which_answer) / 1e4);
  EXPECT_GT(message.best_guess_under_cap().which_answer(),
            message.best_guess_under_cap().took_part());
  EXPECT_GT(message.threshold_delta_under_cap(), message.threshold_delta());
}

TEST(PrivacyWordsTest, TheOddsAreThoseOfThePlanForCouriersAndOfAQuarterOfIt) {
  const auto plan = PlanFromTemplate(PlanTemplates().front(), {},
                                     absl::FromUnixSeconds(1'767'225'600));
  ASSERT_OK(plan);
  ASSERT_EQ(plan->survey, "couriers");
  Plan quarter = *plan;
  for (Marginal& marginal : quarter.marginals) {
    for (int64_t& micro_rho : marginal.micro_loss_per_level) {
      micro_rho /= 4;
    }
  }
  ASSERT_EQ(4 * privacy::LossOf(quarter)->micro_rho,
            privacy::LossOf(*plan)->micro_rho);
  const privacy::BestGuess whole = OddsOf(*plan);
  const privacy::BestGuess part = OddsOf(quarter);

  std::ifstream file("docs/PRIVACY_IN_PLAIN_WORDS.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(text, HasSubstr(absl::StrFormat(
                        "at most %d of 100 cases with a plan such as the one "
                        "for couriers",
                        Cases(whole.took_part))));
  EXPECT_THAT(text, HasSubstr(absl::StrFormat("in at most %d with one that "
                                              "publishes a quarter",
                                              Cases(part.took_part))));
  EXPECT_THAT(text, HasSubstr(absl::StrFormat("in at most %d, or %d.",
                                              Cases(whole.which_answer),
                                              Cases(part.which_answer))));
}

}  // namespace
}  // namespace commonwage::server::steward
