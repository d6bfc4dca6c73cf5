// SPDX-License-Identifier: Apache-2.0
// What a plan says of its dimensions and measures.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "survey/plan/plan.h"
#include "survey/plan/plan_json.h"
#include "tests/survey/plan_faults.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::ExpectFaultAt;
using testing::FaultsIn;
using testing::SamplePlan;
using testing::SamplePlanJson;

TEST(PlanQuestionsTest, RefusesABaseThatTheDimensionDoesNotHave) {
  const absl::string_view base = "\"base\": \"north\"";
  ExpectFaultAt("dimensions[1].base", base, "\"base\": \"east\"");
  ExpectFaultAt("dimensions[1].base", base, "\"base\": \"\"");
  ExpectFaultAt("dimensions[1].base", base, "\"base\": 1");
}

TEST(PlanQuestionsTest, RefusesAMeasureItCannotUse) {
  for (const absl::string_view code : {"\"eur\"", "\"EURO\"", "\"\"", "3"}) {
    ExpectFaultAt("measures[0].currency", "\"EUR\"", code);
  }
  for (const absl::string_view period : {"\"DAY\"", "\"hour\"", "1"}) {
    ExpectFaultAt("measures[0].period", "\"HOUR\"", period);
  }
  for (const absl::string_view exponent : {"-1", "5", "1.5"}) {
    ExpectFaultAt("measures[0].minor_unit_exponent",
                  "\"minor_unit_exponent\": 2",
                  absl::StrCat("\"minor_unit_exponent\": ", exponent));
  }
  ExpectFaultAt("measures[0].inner_edges[0]", "[600, 700", "[0, 700");
  ExpectFaultAt("measures[0].inner_edges[14]", "2200]", "1000000000000001]");
}

TEST(PlanQuestionsTest, RefusesStepsWithoutABinOfTheirOwn) {
  const absl::string_view steps = "\"steps\": [1200]";
  ExpectFaultAt("measures[0].steps[0]", steps, "\"steps\": [1100]");
  ExpectFaultAt("measures[0].steps[0]", steps, "\"steps\": [1201]");
  ExpectFaultAt("measures[0].steps[0]", steps, "\"steps\": [1150]");
  ExpectFaultAt("measures[0].steps[0]", "1201, 1400", "1202, 1400");
  ExpectFaultAt("measures[0].steps[1]", steps, "\"steps\": [1200, 1200]");
  ExpectFaultAt("measures[0].steps[1]", steps, "\"steps\": [1200, 1100]");
  ExpectFaultAt("measures[0].steps[0]", steps, "\"steps\": [0]");
  ExpectFaultAt("measures[0].steps[0]", steps, "\"steps\": [1200.5]");
  ExpectFaultAt("measures[0].steps", steps, "\"steps\": []");
  ExpectFaultAt("measures[0].steps", steps, "\"steps\": 1200");
}

TEST(PlanQuestionsTest, TakesStepsThatTouch) {
  Plan plan = SamplePlan();
  plan.measures[0].inner_edges[8] = 1202;
  plan.measures[0].steps = {1200, 1201};
  EXPECT_OK(ParsePlan(WritePlan(plan)));
}

TEST(PlanQuestionsTest, RefusesATailItCannotUse) {
  const absl::string_view index = "\"index\": \"2.5\"";
  for (const absl::string_view other :
       {"\"0\"", "\"0.0\"", "\"-1\"", "\"+1\"", "\"100.000001\"", "\"1000\"",
        "\"\"", "\".5\"", "\"2.\"", "\"2.5.1\"", "\"2,5\"", "\"1e1\"", "\" 2\"",
        "\"0.0000001\"", "\"2.0000000\"", "\"nan\"", "2.5", "2",
        "\"18446744073709551617\""}) {
    ExpectFaultAt("measures[0].upper_tail.index", index,
                  absl::StrCat("\"index\": ", other));
  }
  ExpectFaultAt("measures[0].upper_tail.from", "\"from\": 2000",
                "\"from\": 2001");
  ExpectFaultAt("measures[0].lower_tail.from", "\"from\": 800",
                "\"from\": 600.5");
  ExpectFaultAt("measures[0].lower_tail.from", "\"from\": 800",
                "\"from\": 2200");
  ExpectFaultAt("measures[0].upper_tail.from", "\"from\": 2000,", "");
  ExpectFaultAt("measures[0].upper_tail.index", ",\n    \"index\": \"2.5\"",
                "");
  ExpectFaultAt("measures[0].upper_tail.colour", index,
                "\"index\": \"2.5\", \"colour\": 1");
}

TEST(PlanQuestionsTest, ReadsAnIndexExactly) {
  for (const auto& [text, micro_index] :
       {std::pair("\"0.000001\"", 1), std::pair("\"100\"", 100'000'000),
        std::pair("\"100.000000\"", 100'000'000), std::pair("\"2\"", 2'000'000),
        std::pair("\"02.50\"", 2'500'000)}) {
    const auto plan = ParsePlan(absl::StrReplaceAll(
        WritePlan(SamplePlan()),
        {{"\"index\": \"2.5\"", absl::StrCat("\"index\": ", text)}}));
    ASSERT_OK(plan) << text;
    EXPECT_EQ(plan->measures[0].upper_tail->micro_index, micro_index) << text;
  }
}

// Returns a plan with `bins` bins in a flat tree.
std::string WithBins(size_t bins) {
  Plan plan = *ParsePlan(SamplePlanJson());
  plan.measures[0].inner_edges.clear();
  for (size_t i = 1; i < bins; ++i) {
    plan.measures[0].inner_edges.push_back(static_cast<int64_t>(100 * i));
  }
  for (Marginal& marginal : plan.marginals) {
    marginal.fanouts = {static_cast<int64_t>(bins)};
    marginal.micro_loss_per_level = {50000, 50000};
  }
  return WritePlan(plan);
}

TEST(PlanQuestionsTest, TakesFromEightToTwoHundredFiftySixBins) {
  EXPECT_OK(ParsePlan(WithBins(8)));
  EXPECT_OK(ParsePlan(WithBins(256)));
  EXPECT_EQ(FaultsIn(WithBins(7)).at(0).place, "measures[0].inner_edges");
  EXPECT_EQ(FaultsIn(WithBins(257)).at(0).place, "measures[0].inner_edges");
}

}  // namespace
}  // namespace commonwage
