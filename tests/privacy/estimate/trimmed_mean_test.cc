// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/trimmed_mean.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::EdgesFrom1000;
using commonwage::testing::EvenEdges;
using commonwage::testing::FlatModel;
using commonwage::testing::FlatNodes;
using commonwage::testing::Usual;
using commonwage::testing::WageWorld;

TEST(TrimmedMeanTest, IsTheMeanOfTheMiddleOfOneBin) {
  const auto model = FlatModel(EdgesFrom1000(16), 1e-6);
  std::vector<double> counts(16, 0.0);
  counts[5] = 1000;  // [1400, 1500), even in logarithm.
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const double width = std::log(1500.0 / 1400);
  const double low = 1400 * std::exp(0.1 * width);
  const double high = 1400 * std::exp(0.9 * width);
  EXPECT_NEAR(EstimateTrimmedMean(cdf, Usual()).value,
              (high - low) / (0.8 * width), 0.1);
}

TEST(TrimmedMeanTest, AgreesWithTheExactMeanOfSmoothWages) {
  const std::vector<int64_t> edges = EvenEdges(800, 6000, 64);
  const auto model = FlatModel(edges, 1e-6);
  const WageWorld world("", 2191, 0.5);
  std::vector<double> counts = world.BinShares(edges);
  for (double& count : counts) {
    count *= 10000;
  }
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const Estimate mean = EstimateTrimmedMean(cdf, Usual());
  EXPECT_NEAR(mean.value / world.TrimmedMean(), 1, 1e-3);
  // The error of a trimmed mean of log-normal wages by first order: the sd of
  // wages cut off at both quantiles, over 0.8 sqrt(n).
  double sum = 0;
  double squares = 0;
  constexpr int kSteps = 2000;
  for (int i = 0; i < kSteps; ++i) {
    const double p = (i + 0.5) / kSteps;
    const double wage = world.Quantile(std::min(std::max(p, 0.1), 0.9));
    sum += wage / kSteps;
    squares += wage * wage / kSteps;
  }
  EXPECT_NEAR(mean.sampling_sd, std::sqrt(squares - sum * sum) / (0.8 * 100),
              0.01 * mean.sampling_sd);
}

// The stated noise is what noise does: moving one leaf by a little moves the
// mean by its weight, and the weights' variance is the noise.
TEST(TrimmedMeanTest, NoiseIsWhatSmallChangesOfTheLeavesDo) {
  const std::vector<int64_t> edges = EvenEdges(800, 6000, 32);
  const double leaf = 4;
  const auto model = FlatModel(edges, leaf);
  const WageWorld world("", 2191, 0.5);
  std::vector<double> counts = world.BinShares(edges);
  for (double& count : counts) {
    count *= 20000;
  }
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const Estimate mean = EstimateTrimmedMean(cdf, Usual());
  double variance = 0;
  for (size_t b = 0; b < counts.size(); ++b) {
    const double step = 1;
    std::vector<double> moved = counts;
    moved[b] += step;
    const model::CellCdf other(*model, FlatNodes(moved), 1);
    const double slope =
        (EstimateTrimmedMean(other, Usual()).value - mean.value) / step;
    variance += slope * slope * leaf;
  }
  EXPECT_NEAR(mean.noise_sd, std::sqrt(variance), 0.05 * mean.noise_sd);
}

TEST(TrimmedMeanTest, IsOpenWhereATenthMayBeBeyondTheGrid) {
  const auto model = FlatModel(EdgesFrom1000(16), 1e-6);
  std::vector<double> counts(16, 0.0);
  counts[0] = 15;
  counts[7] = 85;
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const Estimate mean = EstimateTrimmedMean(cdf, Usual());
  EXPECT_EQ(mean.position, Position::kBelow);
  EXPECT_TRUE(mean.interval.open_low);
  EXPECT_FALSE(mean.interval.open_high);
  EXPECT_EQ(mean.quality, Quality::kPoor);
}

// Where inside their bins people stand is not known, so the limits allow for
// all of them on the left edges, and all on the right ones.
TEST(TrimmedMeanTest, TheIntervalHoldsWhereverInTheirBinsPeopleStand) {
  const std::vector<int64_t> edges = EdgesFrom1000(16);
  const auto model = FlatModel(edges, 1e-6);
  std::vector<double> counts(16, 0.0);
  counts[4] = 5e5;  // [1300, 1400)
  counts[9] = 5e5;  // [1800, 1900)
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const Estimate mean = EstimateTrimmedMean(cdf, Usual());
  EXPECT_NEAR(mean.interval.low, 1550, 1);
  EXPECT_NEAR(mean.interval.high, 1650, 1);
}

TEST(TrimmedMeanTest, OnAPayScaleNothingIsUnknown) {
  model::BinLaws laws;
  std::vector<int64_t> edges;
  for (const int64_t step : {1000, 1200, 1400, 1600}) {
    laws.steps.push_back(step);
    edges.insert(edges.end(), {step, step + 1});
  }
  const model::CellModel scale = {FlatModel(edges, 1e-6)->tree,
                                  model::PayGrid(edges, laws)};
  std::vector<double> counts(9, 0.0);
  counts[3] = 5e5;
  counts[5] = 5e5;
  const Estimate mean =
      EstimateTrimmedMean(model::CellCdf(scale, FlatNodes(counts), 1), Usual());
  EXPECT_NEAR(mean.value, 1300, 1e-6);
  EXPECT_NEAR(mean.interval.low, 1300, 1);
  EXPECT_NEAR(mean.interval.high, 1300, 1);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
