// SPDX-License-Identifier: Apache-2.0
// The odds on the page for everybody, computed again.
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/best_guess.h"
#include "privacy/plan_loss.h"
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

TEST(PlainWordsTest, TheOddsAreThoseOfThePlanForCouriersAndOfAQuarterOfIt) {
  const auto plan = PlanFromTemplate(PlanTemplates().front(), {},
                                     absl::FromUnixSeconds(1'767'225'600));
  ASSERT_OK(plan);
  ASSERT_EQ(plan->survey, "couriers");
  Plan quarter = *plan;
  quarter.marginals.resize(1);
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
