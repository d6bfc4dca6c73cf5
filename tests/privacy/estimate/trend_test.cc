// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/estimate/summary.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::ManifestOf;
using commonwage::testing::QuietRelease;
using commonwage::testing::SamplePlan;
using ::testing::ElementsAre;

Plan PlanOfRound(const std::string& round) {
  Plan plan = SamplePlan();
  plan.round = round;
  return plan;
}

Figures Round(const Plan& plan, bool withheld = false) {
  const Manifest manifest = ManifestOf(plan);
  Release release = QuietRelease(manifest, 1400);
  if (withheld) {
    release.marginals[0].cells[1].reset();
  }
  auto figures = Figures::Of(manifest, release);
  EXPECT_OK(figures);
  return *std::move(figures);
}

TrendRequest FastFood() {
  TrendRequest request;
  request.by = {"platform"};
  request.where = {{"platform", {"fast-food"}}};
  return request;
}

TEST(TrendTest, FollowsOneCellAndComparesWithTheLatestShownRound) {
  const Figures first = Round(PlanOfRound("q1"));
  const Figures second = Round(PlanOfRound("q2"), /*withheld=*/true);
  Plan shifted = PlanOfRound("q3");
  for (int64_t& edge : shifted.measures[0].inner_edges) {
    edge = edge * 11 / 10;  // Everybody earns a tenth more.
  }
  const Figures third = Round(shifted);
  const auto trend =
      Trend(std::vector<const Figures*>{&first, &second, &third}, FastFood());
  ASSERT_OK(trend);
  EXPECT_EQ(trend->measure, "hourly_pay");
  ASSERT_EQ(trend->points.size(), 3U);
  EXPECT_EQ(trend->points[0].outcome, TrendOutcome::kShown);
  EXPECT_FALSE(trend->points[0].change.has_value());
  EXPECT_EQ(trend->points[1].outcome, TrendOutcome::kWithheld);
  EXPECT_FALSE(trend->points[1].level.has_value());
  EXPECT_EQ(trend->points[2].outcome, TrendOutcome::kShown);
  ASSERT_TRUE(trend->points[2].change.has_value());
  EXPECT_NEAR(trend->points[2].change->value, 0.1, 0.002);
  EXPECT_EQ(trend->points[2].change_since, "couriers.q1");
}

TEST(TrendTest, ChangesCountFromTheLatestAndFromTheFirstShownRound) {
  const Figures none = Round(PlanOfRound("q0"), /*withheld=*/true);
  const Figures first = Round(PlanOfRound("q1"));
  const auto scaled = [](const std::string& round, int64_t percent) {
    Plan plan = PlanOfRound(round);
    for (int64_t& edge : plan.measures[0].inner_edges) {
      edge = edge * percent / 100;
    }
    return Round(plan);
  };
  const Figures second = scaled("q2", 110);
  const Figures third = scaled("q3", 132);
  const auto trend = Trend(
      std::vector<const Figures*>{&none, &first, &second, &third}, FastFood());
  ASSERT_OK(trend);
  EXPECT_FALSE(trend->points[1].change_since_first.has_value());
  EXPECT_EQ(trend->points[2].change, trend->points[2].change_since_first);
  EXPECT_EQ(trend->points[3].change_since, "couriers.q2");
  EXPECT_NEAR(trend->points[3].change->value, 0.2, 0.003);
  EXPECT_NEAR(trend->points[3].change_since_first->value, 0.32, 0.003);
}

TEST(TrendTest, ARoundThatDidNotAskIsMarked) {
  Plan coarse = PlanOfRound("q2");
  coarse.marginals.erase(coarse.marginals.begin());
  const Figures first = Round(PlanOfRound("q1"));
  const Figures second = Round(coarse);
  const auto trend =
      Trend(std::vector<const Figures*>{&first, &second}, FastFood());
  ASSERT_OK(trend);
  EXPECT_EQ(trend->points[1].outcome, TrendOutcome::kNotAsked);
  EXPECT_EQ(trend->points[1].round_id, "couriers.q2");
  // If no round at all has it, the request is refused.
  EXPECT_THAT(Trend(std::vector<const Figures*>{&second}, FastFood()),
              HasReason("NO_SUCH_MARGINAL"));
}

TEST(TrendTest, RefusesRoundsThatCannotBeCompared) {
  const Figures first = Round(PlanOfRound("q1"));
  Plan yearly = PlanOfRound("q2");
  yearly.measures[0].period = PayPeriod::kYear;
  const Figures second = Round(yearly);
  EXPECT_THAT(Trend(std::vector<const Figures*>{&first, &second}, FastFood()),
              HasReason("ROUNDS_DIFFER"));
  Plan other = PlanOfRound("q2");
  other.survey = "drivers";
  const Figures third = Round(other);
  EXPECT_THAT(Trend(std::vector<const Figures*>{&first, &third}, FastFood()),
              HasReason("ROUNDS_DIFFER"));
  EXPECT_THAT(Trend({}, FastFood()), HasReason("NO_ROUNDS"));
  TrendRequest request = FastFood();
  request.p = 2;
  EXPECT_THAT(Trend(std::vector<const Figures*>{&first}, request),
              HasReason("REQUEST_FAULTY"));
}

}  // namespace
}  // namespace commonwage::privacy::estimate
