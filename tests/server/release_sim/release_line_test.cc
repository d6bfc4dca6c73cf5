// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/release_line.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::release_sim {
namespace {

TEST(ReleaseLineTest, WritesEveryCellWithItsKeyAndNothingElse) {
  auto plan = ParsePlan(commonwage::testing::SamplePlanJson());
  ASSERT_OK(plan);
  plan->dimensions[0].values = {"a", "b+c"};
  plan->dimensions[1].values = {"n.1"};
  Release release;
  release.marginals.resize(2);
  release.marginals[0].cells = {ReleasedCell({12, -3, 0}), std::nullopt};
  release.marginals[1].cells = {
      std::nullopt, ReleasedCell({std::numeric_limits<int64_t>::min(),
                                  std::numeric_limits<int64_t>::max()})};
  const ReleaseLine line(*plan);
  std::string out = "before\n";
  line.Append(7, release, out);
  EXPECT_EQ(out,
            "before\n"
            R"({"run":7,"marginals":[{"id":"platform","cells":[)"
            R"({"key":{"platform":"a"},"released":true,"nodes":[12,-3,0]},)"
            R"({"key":{"platform":"b+c"},"released":false}]},)"
            R"({"id":"platform_region","cells":[)"
            R"({"key":{"platform":"a","region":"n.1"},"released":false},)"
            R"({"key":{"platform":"b+c","region":"n.1"},"released":true,)"
            R"("nodes":[-9223372036854775808,9223372036854775807]}]}]})"
            "\n");
}

}  // namespace
}  // namespace commonwage::server::release_sim
