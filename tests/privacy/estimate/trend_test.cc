// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/trend.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/estimate/gap.h"
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
  EXPECT_NEAR(trend->points[2].change->difference.relative.value, 0.1, 0.002);
  EXPECT_EQ(trend->points[2].change->since, "couriers.q1");
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
  EXPECT_EQ(trend->points[3].change->since, "couriers.q2");
  EXPECT_EQ(trend->points[3].change_since_first->since, "couriers.q1");
  EXPECT_NEAR(trend->points[3].change->difference.relative.value, 0.2, 0.003);
  EXPECT_NEAR(trend->points[3].change_since_first->difference.relative.value,
              0.32, 0.003);
}

TEST(TrendTest, EveryChangeHasAVerdictAndWhatItCouldHaveShown) {
  const Figures first = Round(PlanOfRound("q1"));
  const Figures same = Round(PlanOfRound("q2"));
  Plan raised = PlanOfRound("q3");
  for (int64_t& edge : raised.measures[0].inner_edges) {
    edge = edge * 3 / 2;
  }
  const Figures third = Round(raised);
  const auto trend =
      Trend(std::vector<const Figures*>{&first, &same, &third}, FastFood());
  ASSERT_OK(trend);
  const Difference& none = trend->points[1].change->difference;
  EXPECT_EQ(none.relative.value, 0);
  ASSERT_TRUE(none.minimum_detectable.has_value());
  EXPECT_GT(*none.minimum_detectable, kChangeWorthSeeing);
  EXPECT_EQ(none.verdict, Verdict::kTooLittleData);
  const Difference& clear = trend->points[2].change_since_first->difference;
  EXPECT_EQ(clear.verdict, Verdict::kClear);
  EXPECT_GT(clear.minimum_detectable, 0);
}

// All of a round's people in one bin, as if without noise.
Figures InOneBin(const std::string& round, size_t leaf, int64_t people) {
  const Manifest manifest = ManifestOf(PlanOfRound(round));
  Release release = QuietRelease(manifest, 1400);
  std::vector<int64_t>& nodes = *release.marginals[0].cells[1];
  std::fill(nodes.begin(), nodes.end(), 0);
  nodes[0] = people;
  nodes[1 + leaf / 4] = people;
  nodes[5 + leaf] = people;
  auto figures = Figures::Of(manifest, release);
  EXPECT_OK(figures);
  return *std::move(figures);
}

TEST(TrendTest, AChangeFromOrToWhatIsOffTheGridIsABound) {
  const Figures below = InOneBin("q1", 0, 1400);
  const Figures inside = InOneBin("q2", 8, 1400);
  const Figures again = InOneBin("q3", 0, 1400);
  const auto trend =
      Trend(std::vector<const Figures*>{&below, &inside, &again}, FastFood());
  ASSERT_OK(trend);
  const Difference& up = trend->points[1].change->difference;
  EXPECT_EQ(up.relative.position, Position::kAbove);
  EXPECT_EQ(up.relative.value, up.relative.interval.low);
  EXPECT_EQ(up.verdict, Verdict::kClear);
  EXPECT_EQ(trend->points[2].change->difference.relative.position,
            Position::kBelow);
  EXPECT_EQ(trend->points[2].change_since_first->difference.relative.position,
            Position::kUnknown);
}

TEST(TrendTest, ARoundNearTheThresholdAllowsNoVerdict) {
  const Figures before = InOneBin("q1", 2, 1400);
  const Figures now = InOneBin("q2", 12, ManifestOf(SamplePlan()).taus[0] + 1);
  const auto trend =
      Trend(std::vector<const Figures*>{&before, &now}, FastFood());
  ASSERT_OK(trend);
  const Difference& change = trend->points[1].change->difference;
  EXPECT_EQ(change.verdict, Verdict::kTooLittleData);
  EXPECT_EQ(change.relative.quality, Quality::kPoor);
  EXPECT_FALSE(change.minimum_detectable.has_value());
}

TEST(TrendTest, ASumNamesTheTableThatEachRoundsPlanWouldHaveIt) {
  Plan coarse = PlanOfRound("q2");
  coarse.marginals.erase(coarse.marginals.begin());
  const Figures first = Round(PlanOfRound("q1"));
  const Figures second = Round(coarse);
  TrendRequest request = FastFood();
  EXPECT_FALSE(Trend(std::vector<const Figures*>{&first}, request)
                   ->points[0]
                   .coarser.has_value());
  request.by = {"platform", "region"};
  const auto trend =
      Trend(std::vector<const Figures*>{&first, &second}, request);
  ASSERT_OK(trend);
  EXPECT_EQ(trend->points[0].coarser, (CoarserTable{{"platform"}, "platform"}));
  EXPECT_EQ(trend->points[1].coarser, (CoarserTable{{"platform"}, ""}));
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
              HasReason(Reason::kNoSuchMarginal));
}

TEST(TrendTest, RefusesRoundsThatCannotBeCompared) {
  const Figures first = Round(PlanOfRound("q1"));
  Plan yearly = PlanOfRound("q2");
  yearly.measures[0].period = PayPeriod::kYear;
  const Figures second = Round(yearly);
  EXPECT_THAT(Trend(std::vector<const Figures*>{&first, &second}, FastFood()),
              HasReason(Reason::kRoundsDiffer));
  Plan other = PlanOfRound("q2");
  other.survey = "drivers";
  const Figures third = Round(other);
  EXPECT_THAT(Trend(std::vector<const Figures*>{&first, &third}, FastFood()),
              HasReason(Reason::kRoundsDiffer));
  EXPECT_THAT(Trend({}, FastFood()), HasReason(Reason::kNoRounds));
  TrendRequest request = FastFood();
  request.p = 2;
  EXPECT_THAT(Trend(std::vector<const Figures*>{&first}, request),
              HasReason(Reason::kRequestFaulty));
}

}  // namespace
}  // namespace commonwage::privacy::estimate
