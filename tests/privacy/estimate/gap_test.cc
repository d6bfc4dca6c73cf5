// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/gap.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::Usual;

LogQuantile Around(double value, double below, double above) {
  LogQuantile quantile;
  quantile.value = value;
  quantile.low = value - below;
  quantile.high = value + above;
  quantile.noise_sd = 0.01;
  quantile.sampling_sd = 0.02;
  return quantile;
}

TEST(GapTest, MoverKeepsEachSidesLength) {
  const LogQuantile a = Around(7.0, 0.03, 0.05);
  const LogQuantile b = Around(7.1, 0.04, 0.12);
  const Estimate gap = RelativeDifference(a, b);
  EXPECT_NEAR(gap.value, std::exp(-0.1) - 1, 1e-12);
  EXPECT_NEAR(std::log1p(gap.interval.low),
              -0.1 - std::sqrt(0.03 * 0.03 + 0.12 * 0.12), 1e-12);
  EXPECT_NEAR(std::log1p(gap.interval.high),
              -0.1 + std::sqrt(0.05 * 0.05 + 0.04 * 0.04), 1e-12);
  EXPECT_NEAR(gap.noise_sd, std::exp(-0.1) * std::hypot(0.01, 0.01), 1e-12);
  EXPECT_NEAR(gap.sampling_sd, std::exp(-0.1) * std::hypot(0.02, 0.02), 1e-12);
}

TEST(GapTest, SaysInOneWordWhatItShows) {
  EXPECT_EQ(
      GapOf(Around(7.0, 0.02, 0.02), Around(7.1, 0.02, 0.02), Usual()).verdict,
      Verdict::kClear);
  EXPECT_EQ(
      GapOf(Around(7.0, 0.05, 0.05), Around(7.01, 0.05, 0.05), Usual()).verdict,
      Verdict::kNoClearDifference);
  EXPECT_EQ(
      GapOf(Around(7.0, 0.3, 0.3), Around(7.1, 0.3, 0.3), Usual()).verdict,
      Verdict::kTooLittleData);
}

// A gap g is clear in four of five cases if g = reach + 0.84 reach / 1.96.
TEST(GapTest, MinimumDetectableGapIsSeenInFourOfFiveCases) {
  const Gap gap =
      GapOf(Around(7.0, 0.06, 0.06), Around(7.0, 0.08, 0.08), Usual());
  const double reach = 0.1;
  const double sd = reach / 1.959963984540054;
  const double detectable = std::log1p(gap.minimum_detectable);
  EXPECT_NEAR(NormalCdf((detectable - reach) / sd), 0.8, 1e-9);
}

TEST(GapTest, OpenIntervalsMakeOpenGaps) {
  LogQuantile a = Around(7.0, 0.1, 0.1);
  a.open_low = true;
  const LogQuantile b = Around(7.0, 0.1, 0.1);
  EXPECT_TRUE(RelativeDifference(a, b).interval.open_low);
  EXPECT_FALSE(RelativeDifference(a, b).interval.open_high);
  EXPECT_TRUE(RelativeDifference(b, a).interval.open_high);
  EXPECT_EQ(GapOf(a, b, Usual()).minimum_detectable, 0);
  EXPECT_EQ(GapOf(a, b, Usual()).verdict, Verdict::kTooLittleData);
}

TEST(GapTest, QuantilesOffTheGridBoundTheGap) {
  const LogQuantile inside = Around(7.0, 0.1, 0.1);
  LogQuantile below = Around(6.5, 0, 0.1);
  below.position = Position::kBelow;
  below.open_low = true;
  LogQuantile above = Around(8.0, 0.1, 0);
  above.position = Position::kAbove;
  above.open_high = true;
  EXPECT_EQ(RelativeDifference(below, inside).position, Position::kBelow);
  EXPECT_EQ(RelativeDifference(inside, below).position, Position::kAbove);
  EXPECT_EQ(RelativeDifference(below, above).position, Position::kBelow);
  EXPECT_EQ(RelativeDifference(below, below).position, Position::kUnknown);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
