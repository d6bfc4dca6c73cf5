// SPDX-License-Identifier: Apache-2.0
#include "privacy/plan_loss.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "privacy/zcdp.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::SamplePlanJson;
using commonwage::testing::StatusIs;
using ::testing::HasSubstr;

Plan SamplePlan() {
  auto plan = ParsePlan(SamplePlanJson());
  EXPECT_OK(plan);
  return *plan;
}

std::vector<std::string> PlacesOf(const absl::Status& status) {
  std::vector<std::string> places;
  for (const Fault& fault : FaultsOf(status)) {
    places.push_back(fault.place);
  }
  return places;
}

TEST(PlanLossTest, SumsEveryLevelOfEveryMarginal) {
  const auto loss = LossOf(SamplePlan());
  ASSERT_OK(loss);
  ASSERT_EQ(loss->marginals.size(), 2U);
  EXPECT_EQ(loss->marginals[0].micro_rho, 150000);
  EXPECT_EQ(loss->marginals[0].micro_epsilon, std::nullopt);
  EXPECT_EQ(loss->marginals[0].tau, 27);
  // Three levels of 0.3^2 / 2.
  EXPECT_EQ(loss->marginals[1].micro_rho, 135000);
  EXPECT_EQ(loss->marginals[1].micro_epsilon, 900000);
  EXPECT_EQ(loss->micro_rho, 285000);
  EXPECT_EQ(loss->micro_epsilon, std::nullopt);
  EXPECT_LE(loss->threshold_delta, 2e-7L);
  EXPECT_GT(loss->threshold_delta, loss->marginals[0].threshold_delta);
}

TEST(PlanLossTest, TheRootIsCharged) {
  Plan plan = SamplePlan();
  plan.marginals[0].micro_loss_per_level[0] += 7;
  const auto loss = LossOf(plan);
  ASSERT_OK(loss);
  EXPECT_EQ(loss->marginals[0].micro_rho, 150007);
}

TEST(PlanLossTest, IsTheSameInAnyOrderOfMarginals) {
  Plan plan = SamplePlan();
  const auto loss = LossOf(plan);
  std::swap(plan.marginals[0], plan.marginals[1]);
  const auto swapped = LossOf(plan);
  ASSERT_OK(swapped);
  EXPECT_EQ(swapped->micro_rho, loss->micro_rho);
  EXPECT_NEAR(
      static_cast<double>(swapped->threshold_delta / loss->threshold_delta),
      1.0, 1e-15);
}

TEST(PlanLossTest, ReportsThePureSumWhenAllIsLaplace) {
  Plan plan = SamplePlan();
  plan.marginals.erase(plan.marginals.begin());
  const auto loss = LossOf(plan);
  ASSERT_OK(loss);
  EXPECT_EQ(loss->micro_epsilon, 900000);
  // Here the pure sum is the smaller bound, and it is the one reported.
  EXPECT_LT(0.9L, EpsilonWithThreshold(loss->micro_rho, loss->threshold_delta,
                                       1e-6L));
  EXPECT_EQ(EpsilonOf(*loss, 1e-6L), 0.9L);
}

TEST(PlanLossTest, ReportsTheZcdpBoundWhenManyLaplaceLevelsMakeItSmaller) {
  Plan plan = SamplePlan();
  plan.survey_cap_micro_rho = 10000000;
  plan.marginals.erase(plan.marginals.begin());
  for (int i = 0; i < 40; ++i) {
    plan.marginals.push_back(plan.marginals.front());
  }
  const auto loss = LossOf(plan);
  ASSERT_OK(loss);
  EXPECT_LT(EpsilonOf(*loss, 1e-5L), 36.9L);
  EXPECT_EQ(*loss->micro_epsilon, 36900000);
}

TEST(PlanLossTest, RefusesAPlanOverTheCapWithWhatIsAskedSpentAndLeft) {
  Plan plan = SamplePlan();
  plan.survey_cap_micro_rho = 284999;
  const auto loss = LossOf(plan);
  EXPECT_THAT(loss, HasReason(Reason::kPlanFaulty));
  ASSERT_THAT(PlacesOf(loss.status()),
              ::testing::ElementsAre("survey_cap_micro_rho"));
  EXPECT_THAT(FaultsOf(loss.status())[0].sentence, HasSubstr("285000"));
  EXPECT_THAT(FaultsOf(loss.status())[0].sentence, HasSubstr("284999"));
}

TEST(PlanLossTest, NamesEveryFault) {
  Plan plan = SamplePlan();
  plan.marginals[0].micro_loss_per_level[1] = (1 << 20) + 1;
  plan.marginals[1].micro_loss_per_level[2] = (1 << 25) + 1;
  const auto loss = LossOf(plan);
  EXPECT_THAT(
      PlacesOf(loss.status()),
      ::testing::ElementsAre("marginals[0].micro_rho_per_level[1]",
                             "marginals[1].micro_epsilon_per_level[2]"));
  plan.k = 1;
  plan.threshold_delta = std::string("2");
  EXPECT_THAT(PlacesOf(LossOf(plan).status()),
              ::testing::ElementsAre("k", "threshold_delta"));
}

TEST(PlanLossTest, TheCapHoldsOverRoundsToTheLastMicroRho) {
  EXPECT_OK(CheckCap(0, 0, 0));
  EXPECT_OK(CheckCap(400000, 1200000, 1600000));
  const absl::Status refused = CheckCap(400001, 1200000, 1600000);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason(Reason::kPrivacyCapExceeded));
  for (const char* figure : {"400001", "1200000", "400000", "1600000"}) {
    EXPECT_THAT(std::string(refused.message()), HasSubstr(figure));
  }
}

TEST(PlanLossTest, TheCapHoldsForTheLargestNumbers) {
  constexpr int64_t kHuge = std::numeric_limits<int64_t>::max();
  constexpr int64_t kTiny = std::numeric_limits<int64_t>::min();
  EXPECT_FALSE(CheckCap(kHuge, kHuge, kHuge).ok());
  EXPECT_FALSE(CheckCap(1, kHuge, kHuge).ok());
  EXPECT_FALSE(CheckCap(-1, 5, 10).ok());
  EXPECT_FALSE(CheckCap(5, -1, 10).ok());
  EXPECT_FALSE(CheckCap(kTiny, kTiny, kTiny).ok());
  EXPECT_FALSE(CheckCap(5, kTiny, kHuge).ok());
  EXPECT_OK(CheckCap(kHuge, 0, kHuge));
}

TEST(PlanLossTest, AnyOrderOfRoundsSpendsTheSameAndStopsAtTheCap) {
  std::vector<int64_t> asked = {1, 250000, 300000, 99999, 350000, 600000};
  std::sort(asked.begin(), asked.end());
  constexpr int64_t kCap = 1000000;
  do {
    int64_t spent = 0;
    for (const int64_t round : asked) {
      const bool fits = CheckCap(round, spent, kCap).ok();
      EXPECT_EQ(fits, spent + round <= kCap);
      spent += fits ? round : 0;
    }
    EXPECT_LE(spent, kCap);
  } while (std::next_permutation(asked.begin(), asked.end()));
}

TEST(PlanLossTest, ChecksTheTausOfAManifest) {
  Manifest manifest;
  manifest.plan = SamplePlan();
  const auto loss = LossOf(manifest.plan);
  ASSERT_OK(loss);
  for (const MarginalLoss& marginal : loss->marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  EXPECT_OK(CheckTaus(manifest));
  --manifest.taus[1];
  EXPECT_THAT(CheckTaus(manifest), HasReason(Reason::kTauTooSmall));
  EXPECT_THAT(PlacesOf(CheckTaus(manifest)), ::testing::ElementsAre("taus[1]"));
  manifest.taus.pop_back();
  EXPECT_THAT(PlacesOf(CheckTaus(manifest)), ::testing::ElementsAre("taus"));
}

TEST(PlanLossTest, TheExamplePlanSpendsFourTenths) {
  const auto json = commonwage::testing::SharedFile("examples/plan.json");
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT("examples/plan.json");
  }
  const auto plan = ParsePlan(*json);
  ASSERT_OK(plan);
  const auto loss = LossOf(*plan);
  ASSERT_OK(loss);
  EXPECT_EQ(loss->micro_rho, 400000);
  for (const MarginalLoss& marginal : loss->marginals) {
    EXPECT_EQ(marginal.micro_rho, 80000);
    EXPECT_EQ(marginal.tau, 37);
  }
}

}  // namespace
}  // namespace commonwage::privacy
