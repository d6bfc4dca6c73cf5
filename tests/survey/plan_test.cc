// SPDX-License-Identifier: Apache-2.0
#include "survey/plan/plan.h"

#include <string>

#include <gtest/gtest.h>

#include "survey/text/fraction.h"
#include "survey/text/identifier.h"
#include "tests/survey/samples.h"
#include "tests/testing/plan_parts.h"

namespace commonwage {
namespace {

using testing::SamplePlan;

TEST(IdentifierTest, AllowsOneAlphabetAndSixtyFourCharacters) {
  EXPECT_TRUE(IsIdentifier("a"));
  EXPECT_TRUE(IsIdentifier("41+"));
  EXPECT_TRUE(IsIdentifier("A_b.c-9+"));
  EXPECT_TRUE(IsIdentifier(std::string(64, 'x')));
  EXPECT_FALSE(IsIdentifier(""));
  EXPECT_FALSE(IsIdentifier(std::string(65, 'x')));
  EXPECT_FALSE(IsIdentifier("a b"));
  EXPECT_FALSE(IsIdentifier("a/b"));
  EXPECT_FALSE(IsIdentifier("caf\xc3\xa9"));
  EXPECT_FALSE(IsIdentifier(std::string("a\0b", 3)));
}

TEST(IdentifierTest, TakesARoundIdForTwoIdentifiersWithADotBetween) {
  const std::string longest(64, 'x');
  EXPECT_TRUE(IsRoundId("couriers.2026-q1"));
  EXPECT_TRUE(IsRoundId("a.b.c"));
  EXPECT_TRUE(IsRoundId(longest + "." + longest));
  EXPECT_FALSE(IsRoundId(longest + "x." + longest));
  EXPECT_FALSE(IsRoundId("couriers"));
  EXPECT_FALSE(IsRoundId(".b"));
  EXPECT_FALSE(IsRoundId("a."));
  EXPECT_FALSE(IsRoundId("a./b"));
}

TEST(PlanTest, NamesARoundAfterItsSurvey) {
  EXPECT_EQ(RoundIdOf(SamplePlan()), "couriers.2026-q1");
}

TEST(PlanTest, PutsAnAmountOnAnEdgeInTheBinAboveIt) {
  const Measure measure = SamplePlan().measures[0];
  ASSERT_EQ(BinCount(measure), 16U);
  EXPECT_EQ(BinOf(measure, 599), 0U);
  EXPECT_EQ(BinOf(measure, 600), 1U);
  EXPECT_EQ(BinOf(measure, 699), 1U);
  EXPECT_EQ(BinOf(measure, 700), 2U);
  EXPECT_EQ(BinOf(measure, 2199), 14U);
  EXPECT_EQ(BinOf(measure, 2200), 15U);
}

TEST(PlanTest, PutsAmountsBeyondTheGridInTheEndBins) {
  const Measure measure = SamplePlan().measures[0];
  EXPECT_EQ(BinOf(measure, 0), 0U);
  EXPECT_EQ(BinOf(measure, kMaxMinorUnits), 15U);
}

TEST(PlanTest, TurnsLossIntoExactNoise) {
  const Plan plan = SamplePlan();
  EXPECT_EQ(NoiseOf(plan.marginals[0]),
            std::vector<Fraction>(3, {.numerator = 10, .denominator = 1}));
  EXPECT_EQ(NoiseOf(plan.marginals[1]),
            std::vector<Fraction>(3, {.numerator = 10, .denominator = 3}));
}

TEST(PlanTest, FindsThingsByTheirIds) {
  const Plan plan = SamplePlan();
  EXPECT_EQ(FindMeasure(plan, "hourly_pay"), &plan.measures[0]);
  EXPECT_EQ(FindMeasure(plan, "region"), nullptr);
  EXPECT_EQ(FindDimension(plan, "region"), &plan.dimensions[1]);
  EXPECT_EQ(testing::FindMarginal(plan, "platform_region"), &plan.marginals[1]);
  EXPECT_EQ(DimensionIndex(plan, "region"), 1U);
  EXPECT_EQ(DimensionIndex(plan, "hourly_pay"), std::nullopt);
  EXPECT_EQ(MeasureIndex(plan, "hourly_pay"), 0U);
  EXPECT_EQ(testing::MarginalIndex(plan, "region"), std::nullopt);
  EXPECT_EQ(ValueIndex(plan.dimensions[1], "south"), 1U);
  EXPECT_EQ(ValueIndex(plan.dimensions[1], "east"), std::nullopt);
}

TEST(FractionTest, IsReduced) {
  EXPECT_EQ(ReducedFraction(500'000, 20'000), (Fraction{25, 1}));
  EXPECT_EQ(ReducedFraction(500'000, 30'000), (Fraction{50, 3}));
  EXPECT_EQ(ReducedFraction(0, 7), (Fraction{0, 1}));
}

}  // namespace
}  // namespace commonwage
