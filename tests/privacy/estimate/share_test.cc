// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/share.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/estimate/count.h"
#include "privacy/estimate/quality.h"
#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::EdgesFrom1000;
using commonwage::testing::FlatModel;
using commonwage::testing::FlatNodes;
using commonwage::testing::Usual;

class ShareTest : public ::testing::Test {
 protected:
  // 30 workers below 1500, 70 from there on.
  static std::vector<double> Counts() {
    std::vector<double> counts(16, 0.0);
    counts[5] = 30;
    counts[6] = 70;
    return counts;
  }
};

TEST_F(ShareTest, OnAnEdgeItIsTheCountBelow) {
  const auto model = FlatModel(EdgesFrom1000(16), 1e-6);
  const model::CellCdf cdf(*model, FlatNodes(Counts()), 1);
  const Estimate share = EstimateShareBelow(cdf, 1500, Usual());
  EXPECT_NEAR(share.value, 0.3, 1e-3);
  EXPECT_FALSE(share.interpolated);
  EXPECT_EQ(share.position, Position::kInside);
  EXPECT_NEAR(share.sampling_sd, std::sqrt(0.3 * 0.7 / 100), 1e-4);
  EXPECT_NEAR(share.noise_sd, 0, 1e-4);
}

// Fieller's limits solve |L - s T| = z sqrt(V_L - 2 s cov + s^2 V_T + T
// s(1-s)).
TEST_F(ShareTest, LimitsSolveFiellersEquation) {
  const double leaf = 4;
  const auto model = FlatModel(EdgesFrom1000(16), leaf);
  const model::CellCdf cdf(*model, FlatNodes(Counts()), 1);
  const Estimate share = EstimateShareBelow(cdf, 1500, Usual());
  const double total = cdf.size();
  for (const double s : {share.interval.low, share.interval.high}) {
    const double variance =
        6 * leaf - 2 * s * 6 * leaf + s * s * 16 * leaf + total * s * (1 - s);
    EXPECT_NEAR(std::abs(cdf.Sum(6) - s * total),
                1.959963984540054 * std::sqrt(variance), 1e-6);
  }
  EXPECT_NEAR(share.noise_sd * total,
              std::sqrt(6 * leaf - 2 * share.value * 6 * leaf +
                        share.value * share.value * 16 * leaf),
              1e-9);
}

TEST_F(ShareTest, InsideABinItIsInterpolatedAndCoversTheBin) {
  const auto model = FlatModel(EdgesFrom1000(16), 1e-6);
  const model::CellCdf cdf(*model, FlatNodes(Counts()), 1);
  const Estimate share = EstimateShareBelow(cdf, 1550, Usual());
  EXPECT_TRUE(share.interpolated);
  const double part = std::log(1550.0 / 1500) / std::log(1600.0 / 1500);
  EXPECT_NEAR(share.value, 0.3 + 0.7 * part, 1e-3);
  EXPECT_LE(share.interval.low,
            EstimateShareBelow(cdf, 1500, Usual()).interval.low);
  EXPECT_GE(share.interval.high,
            EstimateShareBelow(cdf, 1600, Usual()).interval.high);
}

TEST_F(ShareTest, BeyondTheGridOnlyABoundIsKnown) {
  const auto model = FlatModel(EdgesFrom1000(16), 1e-6);
  std::vector<double> counts = Counts();
  counts[0] = 20;
  counts[15] = 10;
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const Estimate low = EstimateShareBelow(cdf, 700, Usual());
  EXPECT_EQ(low.position, Position::kBelow);
  EXPECT_EQ(low.interval.low, 0);
  EXPECT_NEAR(low.value, 20.0 / 130, 1e-3);
  EXPECT_FALSE(low.interpolated);
  const Estimate high = EstimateShareBelow(cdf, 9000, Usual());
  EXPECT_EQ(high.position, Position::kAbove);
  EXPECT_EQ(high.interval.high, 1);
  EXPECT_NEAR(high.value, 120.0 / 130, 1e-3);
  EXPECT_FALSE(high.interpolated);
}

// Noise puts sums below nothing as often as above; the value is cut there, and
// the interval begins at 0.
TEST_F(ShareTest, NobodyBelowARateReadsZeroAtMostSoMuch) {
  const auto model = FlatModel(EdgesFrom1000(16), 4);
  for (const double noise : {-40.0, -3.0, 0.0}) {
    std::vector<double> counts = Counts();
    counts[0] = noise;
    const model::CellCdf cdf(*model, FlatNodes(counts), 1);
    const Estimate share = EstimateShareBelow(cdf, 1000, Usual());
    EXPECT_EQ(share.value, 0);
    EXPECT_EQ(share.interval.low, 0);
    EXPECT_GT(share.interval.high, 0.02);
    EXPECT_LT(share.interval.high, 0.2);
    counts = Counts();
    counts[15] = noise;
    const model::CellCdf other(*model, FlatNodes(counts), 1);
    const Estimate rest = EstimateShareBelow(other, 2400, Usual());
    EXPECT_EQ(rest.value, 1);
    EXPECT_EQ(rest.interval.high, 1);
    EXPECT_LT(rest.interval.low, 0.98);
  }
}

TEST_F(ShareTest, AGoodShareIsKnownWithinHalfOfItselfToo) {
  EXPECT_EQ(QualityOfShare(0.3, 0.05), Quality::kGood);
  EXPECT_EQ(QualityOfShare(0.3, 0.051), Quality::kFair);
  EXPECT_EQ(QualityOfShare(0.02, 0.01), Quality::kGood);
  EXPECT_EQ(QualityOfShare(0.02, 0.011), Quality::kFair);
  EXPECT_EQ(QualityOfShare(0.98, 0.011), Quality::kFair);
  EXPECT_EQ(QualityOfShare(0, 0.001), Quality::kFair);
  EXPECT_EQ(QualityOfShare(0.5, 0.16), Quality::kPoor);
}

TEST_F(ShareTest, BeyondTheGridAStatedTailDividesTheOpenBin) {
  model::BinLaws laws;
  laws.upper = model::TailLaw{2400, 1};
  const std::vector<int64_t> edges = EdgesFrom1000(16);
  const model::CellModel model = {FlatModel(edges, 1e-6)->tree,
                                  model::PayGrid(edges, laws)};
  std::vector<double> counts = Counts();
  counts[15] = 100;
  const model::CellCdf cdf(model, FlatNodes(counts), 1);
  const Estimate share = EstimateShareBelow(cdf, 4800, Usual());
  EXPECT_NEAR(share.value, 150.0 / 200, 1e-3);
  EXPECT_TRUE(share.interpolated);
  EXPECT_EQ(share.interval.high, 1);
  EXPECT_LT(share.interval.low, 0.5);
}

TEST_F(ShareTest, AnUnknownTotalLeavesEveryShareOpen) {
  const auto model = FlatModel(EdgesFrom1000(16), 400);
  const model::CellCdf cdf(*model, FlatNodes(std::vector<double>(16, 0.1)), 1);
  const Estimate share = EstimateShareBelow(cdf, 1500, Usual());
  EXPECT_EQ(share.interval.low, 0);
  EXPECT_EQ(share.interval.high, 1);
  EXPECT_EQ(share.quality, Quality::kPoor);
}

TEST_F(ShareTest, AHistogramAddsUpToOneAndHasIntervals) {
  const auto model = FlatModel(EdgesFrom1000(16), 4);
  std::vector<double> counts = Counts();
  counts[9] = -5;  // Noise below nothing.
  const model::CellCdf cdf(*model, FlatNodes(counts), 1);
  const std::vector<Estimate> bins = EstimateHistogram(cdf, Usual());
  ASSERT_EQ(bins.size(), 16U);
  double sum = 0;
  for (const Estimate& bin : bins) {
    sum += bin.value;
    EXPECT_GE(bin.value, 0);
    EXPECT_LE(bin.interval.low, bin.value);
    EXPECT_GE(bin.interval.high, bin.value);
    EXPECT_GT(bin.noise_sd, 0);
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST_F(ShareTest, ACountIsNotBelowWhatTheRuleGuarantees) {
  const auto model = FlatModel(EdgesFrom1000(16), 4);
  const model::CellCdf cdf(*model, FlatNodes(Counts()), 1);
  const Estimate count = EstimateCount(cdf, 10, Usual());
  EXPECT_NEAR(count.value, 100, 1e-9);
  EXPECT_NEAR(count.noise_sd, 8, 1e-9);  // sqrt(16 leaves * 4)
  EXPECT_NEAR(count.interval.low, 100 - 1.959963984540054 * 8, 1e-9);
  EXPECT_NEAR(count.interval.high, 100 + 1.959963984540054 * 8, 1e-9);
  EXPECT_EQ(count.sampling_sd, 0);
  const Estimate bounded = EstimateCount(cdf, 95, Usual());
  EXPECT_EQ(bounded.interval.low, 95);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
