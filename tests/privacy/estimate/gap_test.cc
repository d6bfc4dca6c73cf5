// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/gap.h"

#include <cmath>
#include <vector>

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
  const Estimate gap = EstimateDifference(a, b);
  EXPECT_NEAR(gap.value, std::exp(-0.1) - 1, 1e-12);
  EXPECT_NEAR(std::log1p(gap.interval.low),
              -0.1 - std::sqrt(0.03 * 0.03 + 0.12 * 0.12), 1e-12);
  EXPECT_NEAR(std::log1p(gap.interval.high),
              -0.1 + std::sqrt(0.05 * 0.05 + 0.04 * 0.04), 1e-12);
  EXPECT_NEAR(gap.noise_sd, std::exp(-0.1) * std::hypot(0.01, 0.01), 1e-12);
  EXPECT_NEAR(gap.sampling_sd, std::exp(-0.1) * std::hypot(0.02, 0.02), 1e-12);
}

// Where in its bin a rate stands is not chance: those lengths add, and only
// what lies beyond the bins adds by its squares.
TEST(GapTest, WhatIsUnknownInsideTheBinsAddsUp) {
  LogQuantile a = Around(7.0, 0.05, 0.05);
  a.within_low = 0.02;
  a.within_high = 0.01;
  LogQuantile b = Around(7.1, 0.03, 0.07);
  b.within_low = 0.03;  // As far as its limit.
  b.within_high = 0.04;
  const Estimate gap = EstimateDifference(a, b);
  EXPECT_NEAR(std::log1p(gap.interval.low),
              -0.1 - 0.02 - 0.04 - std::hypot(0.03, 0.03), 1e-12);
  EXPECT_NEAR(std::log1p(gap.interval.high), -0.1 + 0.01 + 0.03 + 0.04, 1e-12);
}

// Two rates that everybody in either group is paid, each at the end of its bin
// that makes the gap least: the interval holds it, however many answer.
TEST(GapTest, TwoRatesAtTheFarEndsOfTheirBinsAreInTheInterval) {
  const auto model = commonwage::testing::FlatModel(
      commonwage::testing::EdgesFrom1000(16), 1e-6);
  std::vector<double> low(16, 0.0);
  std::vector<double> high(16, 0.0);
  low[4] = 1e6;   // [1300, 1400)
  high[9] = 1e6;  // [1800, 1900)
  const auto median = [&](const std::vector<double>& counts) {
    return FindQuantile(
        model::CellCdf(*model, commonwage::testing::FlatNodes(counts), 1), 0.5,
        Usual());
  };
  const Interval gap = EstimateDifference(median(low), median(high)).interval;
  EXPECT_LE(gap.low, 1300.0 / 1900 - 1 + 1e-9);
  EXPECT_GE(gap.high, 1400.0 / 1800 - 1 - 1e-9);
}

TEST(GapTest, ModelErrorIsCarriedApartFromChance) {
  LogQuantile modelled = Around(7.0, 0.03, 0.05);
  modelled.model_sd = 0.03;
  modelled.modelled = true;
  EXPECT_NEAR(WageOf(modelled).model_sd, 0.03 * std::exp(7.0), 1e-9);
  const Estimate gap = EstimateDifference(modelled, Around(7.1, 0.04, 0.12));
  EXPECT_NEAR(gap.model_sd, 0.03 * std::exp(-0.1), 1e-12);
  EXPECT_NEAR(gap.sampling_sd, std::exp(-0.1) * std::hypot(0.02, 0.02), 1e-12);
  EXPECT_TRUE(gap.modelled);
}

Difference GapOf(const LogQuantile& a, const LogQuantile& base) {
  return JudgeDifference(a, base, kGapWorthSeeing);
}

TEST(GapTest, SaysInOneWordWhatItShows) {
  EXPECT_EQ(GapOf(Around(7.0, 0.02, 0.02), Around(7.1, 0.02, 0.02)).verdict,
            Verdict::kClear);
  EXPECT_EQ(GapOf(Around(7.0, 0.05, 0.05), Around(7.01, 0.05, 0.05)).verdict,
            Verdict::kNoClearDifference);
  EXPECT_EQ(GapOf(Around(7.0, 0.3, 0.3), Around(7.1, 0.3, 0.3)).verdict,
            Verdict::kTooLittleData);
}

// What would have shown a gap of a fifth need not show a change of a tenth.
TEST(GapTest, AVerdictDependsOnWhatIsWorthSeeing) {
  const LogQuantile now = Around(7.0, 0.07, 0.07);
  const LogQuantile before = Around(7.01, 0.07, 0.07);
  EXPECT_EQ(JudgeDifference(now, before, kGapWorthSeeing).verdict,
            Verdict::kNoClearDifference);
  EXPECT_EQ(JudgeDifference(now, before, kChangeWorthSeeing).verdict,
            Verdict::kTooLittleData);
}

// A gap g is clear in four of five cases if g = reach + 0.84 sd.
TEST(GapTest, MinimumDetectableGapIsSeenInFourOfFiveCases) {
  const Difference gap =
      GapOf(Around(7.0, 0.06, 0.06), Around(7.0, 0.08, 0.08));
  const double reach = 0.1;
  const double sd = std::sqrt(2 * (0.01 * 0.01 + 0.02 * 0.02));
  ASSERT_TRUE(gap.minimum_detectable.has_value());
  const double detectable = std::log1p(*gap.minimum_detectable);
  EXPECT_NEAR(model::NormalCdf((detectable - reach) / sd), 0.8, 1e-9);
}

TEST(GapTest, OpenIntervalsMakeOpenGaps) {
  LogQuantile a = Around(7.0, 0.1, 0.1);
  a.open_low = true;
  const LogQuantile base = Around(7.0, 0.1, 0.1);
  EXPECT_TRUE(EstimateDifference(a, base).interval.open_low);
  EXPECT_FALSE(EstimateDifference(a, base).interval.open_high);
  EXPECT_TRUE(EstimateDifference(base, a).interval.open_high);
  EXPECT_FALSE(GapOf(a, base).minimum_detectable.has_value());
  EXPECT_EQ(GapOf(a, base).verdict, Verdict::kTooLittleData);
}

LogQuantile BelowGrid(double end, double above) {
  LogQuantile quantile = Around(end, 0, above);
  quantile.position = Position::kBelow;
  quantile.open_low = true;
  return quantile;
}

LogQuantile AboveGrid(double end, double below) {
  LogQuantile quantile = Around(end, below, 0);
  quantile.position = Position::kAbove;
  quantile.open_high = true;
  return quantile;
}

// "At least 65 % less" is the interval's end, and no best guess.
TEST(GapTest, AQuantileOffTheGridMakesTheGapABoundInOneDirection) {
  const LogQuantile inside = Around(7.0, 0.1, 0.1);
  const Estimate less = EstimateDifference(BelowGrid(6.0, 0.03), inside);
  EXPECT_EQ(less.position, Position::kBelow);
  EXPECT_TRUE(less.interval.open_low);
  EXPECT_EQ(less.value, less.interval.high);
  EXPECT_NEAR(less.value, std::expm1(-1 + std::hypot(0.03, 0.1)), 1e-12);
  EXPECT_EQ(less.noise_sd, 0);
  EXPECT_EQ(less.sampling_sd, 0);

  const Estimate more = EstimateDifference(inside, BelowGrid(6.0, 0.03));
  EXPECT_EQ(more.position, Position::kAbove);
  EXPECT_TRUE(more.interval.open_high);
  EXPECT_EQ(more.value, more.interval.low);
  EXPECT_NEAR(more.value, std::expm1(1 - std::hypot(0.03, 0.1)), 1e-12);

  EXPECT_EQ(EstimateDifference(AboveGrid(8.0, 0.03), inside).position,
            Position::kAbove);
  EXPECT_NEAR(
      EstimateDifference(BelowGrid(6.0, 0.03), AboveGrid(8.0, 0.03)).value,
      std::expm1(-2 + std::hypot(0.03, 0.03)), 1e-12);
}

TEST(GapTest, ABoundCanBeClear) {
  const Difference gap = GapOf(BelowGrid(6.0, 0.03), Around(7.0, 0.1, 0.1));
  EXPECT_EQ(gap.verdict, Verdict::kClear);
  EXPECT_FALSE(gap.minimum_detectable.has_value());
  EXPECT_EQ(GapOf(BelowGrid(6.95, 0.03), Around(7.0, 0.1, 0.1)).verdict,
            Verdict::kTooLittleData);
}

TEST(GapTest, WhereNoBoundCanBeGivenThereIsNoNumber) {
  LogQuantile open = Around(7.0, 0.1, 0.1);
  open.open_low = true;
  for (const Estimate& gap :
       {EstimateDifference(BelowGrid(6.0, 0.03), BelowGrid(6.0, 0.03)),
        EstimateDifference(AboveGrid(8.0, 0.03), AboveGrid(8.0, 0.03)),
        EstimateDifference(BelowGrid(6.0, 0.03), open)}) {
    EXPECT_EQ(gap.position, Position::kUnknown);
    EXPECT_EQ(gap.value, 0);
    EXPECT_TRUE(gap.interval.open_low);
    EXPECT_TRUE(gap.interval.open_high);
  }
}

TEST(GapTest, AValueOutsideItsIntervalIsInTheGapsInterval) {
  const LogQuantile modelled = Around(7.2, -0.05, 0.01);  // Low is 7.25.
  const Estimate gap = EstimateDifference(modelled, Around(7.0, 0.02, 0.02));
  EXPECT_NEAR(std::log1p(gap.interval.low), 0.2 - 0.02, 1e-12);
  EXPECT_LE(gap.interval.low, gap.value);
  EXPECT_GE(gap.interval.high, gap.value);
}

// Everybody of both groups on one step of a pay scale: the gap is 0, for sure.
TEST(GapTest, TwoGroupsOnOneStepDoNotDiffer) {
  LogQuantile on_step = Around(7.0, 0, 0);
  on_step.noise_sd = on_step.sampling_sd = 0;
  const Difference gap = GapOf(on_step, on_step);
  EXPECT_EQ(gap.relative.value, 0);
  EXPECT_EQ(gap.relative.interval, Interval());
  EXPECT_EQ(gap.relative.quality, Quality::kGood);
  EXPECT_EQ(gap.minimum_detectable, 0);
  EXPECT_EQ(gap.verdict, Verdict::kNoClearDifference);
  // One of them may be on a neighbouring step.
  const Difference unsure = GapOf(Around(7.0, 0.04, 0), Around(7.0, 0, 0));
  EXPECT_EQ(unsure.relative.value, 0);
  EXPECT_NEAR(unsure.relative.interval.low, std::expm1(-0.04), 1e-12);
  EXPECT_EQ(unsure.relative.interval.high, 0);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
