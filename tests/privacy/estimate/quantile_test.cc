// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/quantile.h"

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::EdgesFrom1000;
using commonwage::testing::FlatModel;
using commonwage::testing::FlatNodes;
using commonwage::testing::Usual;

// Almost no noise, so that figures can be worked out by hand.
constexpr double kTiny = 1e-6;

TEST(QuantileTest, InterpolatesInLogWage) {
  const auto model = FlatModel(EdgesFrom1000(16), kTiny);
  // 100 workers in [1400, 1500): the quantile p divides it at p.
  std::vector<double> counts(16, 0.0);
  counts[5] = 100;
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  for (const double p : {0.1, 0.5, 0.9}) {
    const LogQuantile quantile = FindQuantile(cdf, p, Usual());
    EXPECT_EQ(quantile.position, Position::kInside);
    EXPECT_NEAR(std::exp(quantile.value), 1400 * std::pow(1500.0 / 1400, p),
                0.1);
  }
}

TEST(QuantileTest, TheMiddleOfAPlateauIsTaken) {
  const auto model = FlatModel(EdgesFrom1000(16), kTiny);
  std::vector<double> counts(16, 0.0);
  counts[3] = 50;   // [1200, 1300)
  counts[10] = 50;  // [1900, 2000)
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  EXPECT_NEAR(std::exp(FindQuantile(cdf, 0.5, Usual()).value),
              std::sqrt(1300.0 * 1900.0), 1);
}

// S^2 = T p (1 - p) when there is no noise: D = +-z S at 1.96 * 5 of 100, in
// the bins that hold the ranks 40.2 and 59.8. Limits are those bins' far edges.
TEST(QuantileTest, LimitsAreTheFarEdgesOfWhereTheTestTurns) {
  const auto model = FlatModel(EdgesFrom1000(16), kTiny);
  std::vector<double> counts(16, 0.0);
  for (size_t b = 1; b < 15; ++b) {
    counts[b] = 100.0 / 14;
  }
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const LogQuantile median = FindQuantile(cdf, 0.5, Usual());
  // 5 bins hold 35.7 and 6 hold 42.9 workers, 8 hold 57.1 and 9 hold 64.3.
  EXPECT_NEAR(std::exp(median.low), 1500, 1e-9);
  EXPECT_NEAR(std::exp(median.high), 1900, 1e-9);
  EXPECT_NEAR(median.noise_sd, 0, 1e-4);
  const double width = 2 * 1.959963984540054 * 5 / (100.0 / 14);  // In bins.
  EXPECT_NEAR(median.sampling_sd * 1.959963984540054,
              width / 2 * std::log(1900.0 / 1500) / 4, 0.01);
}

TEST(QuantileTest, NoiseAndSamplingStandAsTheVariancesOfD) {
  const auto model = FlatModel(EdgesFrom1000(64), 9);
  std::vector<double> counts(64, 20.0);
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const LogQuantile median = FindQuantile(cdf, 0.5, Usual());
  EXPECT_GT(median.noise_sd, 0);
  // 32 leaves' noise, T / 4.
  EXPECT_NEAR(median.noise_sd * median.noise_sd /
                  (median.sampling_sd * median.sampling_sd),
              16 * 9.0 / (1280 / 4.0), 1e-6);
  // The limits were moved outward, by less than a bin each.
  const double plain =
      1.959963984540054 * std::hypot(median.noise_sd, median.sampling_sd);
  EXPECT_GT(median.HalfWidth(), plain);
  EXPECT_LT(median.HalfWidth(), plain + 0.03);
}

TEST(QuantileTest, AnIntervalThatReachesTheGridsEndIsOpenThere) {
  const auto model = FlatModel(EdgesFrom1000(16), kTiny);
  std::vector<double> counts(16, 0.0);
  counts[0] = 45;
  counts[5] = 55;
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const LogQuantile median = FindQuantile(cdf, 0.5, Usual());
  EXPECT_EQ(median.position, Position::kInside);
  EXPECT_TRUE(median.open_low);
  EXPECT_FALSE(median.open_high);
  const Estimate wage = WageOf(median);
  EXPECT_TRUE(wage.interval.open_low);
  EXPECT_EQ(wage.interval.low, 0);
  EXPECT_EQ(wage.quality, Quality::kPoor);
}

TEST(QuantileTest, AQuantileBeyondTheGridIsNoNumber) {
  const auto model = FlatModel(EdgesFrom1000(16), kTiny);
  std::vector<double> counts(16, 0.0);
  counts[0] = 400;
  const model::CellCdf low(*model, FlatNodes(counts), 1);
  const LogQuantile below = FindQuantile(low, 0.5, Usual());
  EXPECT_EQ(below.position, Position::kBelow);
  EXPECT_NEAR(std::exp(below.value), 1000, 1e-9);
  EXPECT_TRUE(below.open_low);
  EXPECT_FALSE(below.open_high);

  counts[0] = 0;
  counts[15] = 400;
  const model::CellCdf high(*model, FlatNodes(counts), 1);
  const LogQuantile above = FindQuantile(high, 0.5, Usual());
  EXPECT_EQ(above.position, Position::kAbove);
  EXPECT_NEAR(std::exp(above.value), 2400, 1e-9);
  EXPECT_TRUE(above.open_high);
  EXPECT_FALSE(above.open_low);
}

// However many workers there are, and however smooth their counts look: where
// inside its bin a quantile stands is not in the release.
TEST(QuantileTest, LimitsAreNeverFinerThanTheGrid) {
  const auto model = FlatModel(EdgesFrom1000(16), 4);
  const std::vector<double> counts(16, 100000.0);
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const LogQuantile p = FindQuantile(cdf, 0.53, Usual());
  EXPECT_NEAR(std::exp(p.low), 1700, 1e-9);
  EXPECT_NEAR(std::exp(p.high), 1800, 1e-9);
}

// A value, and a limit, in a step's bin is the step: nobody else is paid in it.
TEST(QuantileTest, OnAStepOfAPayScaleItIsTheStep) {
  model::BinLaws laws;
  std::vector<int64_t> edges;
  for (const int64_t step : {1000, 1100, 1200, 1300, 1400, 1500}) {
    laws.steps.push_back(step);
    edges.insert(edges.end(), {step, step + 1});
  }
  const auto model = FlatModel(edges, 4);
  const model::CellModel scale = {model->tree, model::PayGrid(edges, laws)};
  std::vector<double> counts(13, 0.0);
  for (size_t step = 0; step < 6; ++step) {
    counts[2 * step + 1] = 100;
  }
  const model::CellCdf cdf(scale, FlatNodes(counts), 1);
  const LogQuantile p = FindQuantile(cdf, 0.35, Usual());
  EXPECT_NEAR(std::exp(p.value), 1200, 1e-9);
  EXPECT_NEAR(std::exp(p.low), 1100, 1e-9);
  EXPECT_NEAR(std::exp(p.high), 1200, 1e-9);
  counts.assign(13, 0.0);
  counts[5] = 600;
  const LogQuantile one =
      FindQuantile(model::CellCdf(scale, FlatNodes(counts), 1), 0.5, Usual());
  EXPECT_NEAR(std::exp(one.low), 1200, 1e-9);
  EXPECT_NEAR(std::exp(one.value), 1200, 1e-9);
  EXPECT_NEAR(std::exp(one.high), 1200, 1e-9);
}

// Not 1199.9999999999998, which is what the logarithm leaves of it.
TEST(QuantileTest, AWageOnAnEdgeOrAStepIsThatWholeAmount) {
  for (int64_t amount = 500; amount < 60000; ++amount) {
    LogQuantile on_edges;
    on_edges.low = std::log(static_cast<double>(amount));
    on_edges.value = on_edges.low;
    on_edges.high = std::log(static_cast<double>(amount) + 1);
    const Estimate wage = WageOf(on_edges);
    EXPECT_EQ(wage.value, static_cast<double>(amount));
    EXPECT_EQ(wage.interval.low, static_cast<double>(amount));
    EXPECT_EQ(wage.interval.high, static_cast<double>(amount) + 1);
  }
}

// The plan's law places a value beyond the last edge; its interval stays open.
TEST(QuantileTest, AStatedTailGivesAValueBeyondTheGridAndNoLimit) {
  model::BinLaws laws;
  laws.upper = model::TailLaw{2400, 2};
  const std::vector<int64_t> edges = EdgesFrom1000(16);
  const model::CellModel model = {FlatModel(edges, kTiny)->tree,
                                  model::PayGrid(edges, laws)};
  std::vector<double> counts(16, 0.0);
  counts[7] = 100;
  counts[15] = 300;
  const LogQuantile median =
      FindQuantile(model::CellCdf(model, FlatNodes(counts), 1), 0.5, Usual());
  EXPECT_EQ(median.position, Position::kInside);
  // A third of the tail is below it: (2400 / x)^2 = 2/3.
  EXPECT_NEAR(std::exp(median.value), 2400 * std::sqrt(1.5), 0.01);
  EXPECT_TRUE(median.open_high);
}

TEST(QuantileTest, AnEmptyOrNegativeCellGivesAnOpenInterval) {
  const auto model = FlatModel(EdgesFrom1000(16), 25);
  const model::CellCdf cdf(*model, FlatNodes(std::vector<double>(16, -3.0)), 1);
  const Estimate median = WageOf(FindQuantile(cdf, 0.5, Usual()));
  EXPECT_TRUE(median.interval.open_low || median.interval.open_high);
  EXPECT_EQ(median.quality, Quality::kPoor);
  EXPECT_TRUE(std::isfinite(median.value));
  EXPECT_TRUE(std::isfinite(median.noise_sd));
}

TEST(QuantileTest, EachPercentileHasItsOwnQuality) {
  const auto model = FlatModel(EdgesFrom1000(16), kTiny);
  std::vector<double> counts(16, 0.0);
  counts[1] = 130;
  counts[7] = 4000;
  counts[14] = 130;
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  EXPECT_EQ(WageOf(FindQuantile(cdf, 0.5, Usual())).quality, Quality::kGood);
  EXPECT_EQ(WageOf(FindQuantile(cdf, 0.031, Usual())).quality, Quality::kPoor);
}

TEST(QuantileTest, PartsAddTheirVariances) {
  const auto model = FlatModel(EdgesFrom1000(64), 9);
  const std::vector<double> counts(64, 20.0);
  const model::CellCdf one(*model, FlatNodes(counts), 1);
  const model::CellCdf four(*model, FlatNodes(counts), 4);
  EXPECT_DOUBLE_EQ(four.NoiseVariance(20, 0.3), 4 * one.NoiseVariance(20, 0.3));
  EXPECT_DOUBLE_EQ(four.TotalVariance(), 4 * one.TotalVariance());
  EXPECT_NEAR(FindQuantile(four, 0.5, Usual()).noise_sd,
              2 * FindQuantile(one, 0.5, Usual()).noise_sd, 0.01);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
