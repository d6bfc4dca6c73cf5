// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/shrinkage.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/estimate/critical.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::EvenEdges;
using commonwage::testing::Usual;

LogQuantile With(double value, double noise_sd, double sampling_sd) {
  LogQuantile quantile;
  quantile.value = value;
  const double reach = Usual().sampling * std::hypot(noise_sd, sampling_sd);
  quantile.low = value - reach;
  quantile.high = value + reach;
  quantile.noise_sd = noise_sd;
  quantile.sampling_sd = sampling_sd;
  return quantile;
}

PayGrid Grid() { return PayGrid(EvenEdges(800, 6000, 64)); }

// Of all laws of b with this mean square, two-point laws (0 with some weight,
// or one size) are the worst; none of them may be missed more often than 5 %.
TEST(ShrinkageTest, RobustReachHoldsForEveryLawOfTheBias) {
  for (const double rms : {0.0, 0.1, 0.4, 0.6, 1.0, 1.3, 2.0, 3.9, 5.0, 9.0}) {
    const double reach = RobustReach(rms);
    for (double size = rms; size < 20; size += 0.05) {
      const double weight = size > 0 ? rms * rms / (size * size) : 1;
      const auto miss = [reach](double b) {
        return NormalCdf(-reach - b) + NormalCdf(-reach + b);
      };
      EXPECT_LE(weight * miss(size) + (1 - weight) * miss(0), 0.05 + 1e-4)
          << rms << " " << size;
      if (size == 0) {
        break;
      }
    }
  }
  EXPECT_NEAR(RobustReach(0), 1.96, 1e-4);
  EXPECT_LT(RobustReach(1), 3.3);  // And it is not needlessly far.
}

TEST(ShrinkageTest, SpreadIsRatherTooLargeThanTooSmall) {
  std::vector<Kin> kin;
  double mean_square = 0;
  for (int i = 0; i < 20; ++i) {
    const double shift = 0.1 * NormalQuantile((i + 0.5) / 20);
    mean_square += shift * shift / 20;
    kin.push_back({With(7.5 + shift, 0.01, 0.01), With(7.5, 0.001, 0.001)});
  }
  const auto spread = SpreadAroundParents(kin, Usual());
  ASSERT_TRUE(spread.has_value());
  EXPECT_NEAR(*spread,
              std::sqrt(mean_square * (1 + std::sqrt(2.0 / 20)) - 0.0001),
              1e-9);
  EXPECT_FALSE(
      SpreadAroundParents({kin.data(), kFewestKin - 1}, Usual()).has_value());
}

TEST(ShrinkageTest, ASmallCellIsDrawnFarAndALargeOneHardly) {
  const LogQuantile parent = With(7.5, 0.002, 0.002);
  const LogQuantile small =
      Shrunk({With(7.7, 0.2, 0.1), parent}, 0.08, Grid(), Usual());
  EXPECT_TRUE(small.modelled);
  const double own = 0.0064 / (0.0064 + 0.05);
  EXPECT_NEAR(small.value, 7.5 + own * 0.2, 1e-9);
  EXPECT_LT(small.HalfWidth(), With(7.7, 0.2, 0.1).HalfWidth());
  EXPECT_GE(small.sampling_sd, (1 - own) * 0.08);  // What it may differ by.

  const LogQuantile large =
      Shrunk({With(7.6, 0.005, 0.005), parent}, 0.08, Grid(), Usual());
  EXPECT_NEAR(large.value, 7.6, 0.001);
}

// x +- RobustReach(sqrt(m2)) sqrt(V), V = w^2 s^2 + B^2 sP^2 + 2 w B
// sampling_P^2, m2 = B^2 tau^2 / V.
TEST(ShrinkageTest, TheIntervalIsTheRobustOne) {
  const Kin kin{With(7.6, 0.15, 0.10), With(7.5, 0.02, 0.03)};
  const double spread = 0.1;
  const LogQuantile modelled = Shrunk(kin, spread, Grid(), Usual());
  const double s2 = 0.15 * 0.15 + 0.10 * 0.10;
  const double parent2 = 0.02 * 0.02 + 0.03 * 0.03;
  const double w = 0.01 / (0.01 + s2);
  const double b = 1 - w;
  const double v = w * w * s2 + b * b * parent2 + 2 * w * b * 0.03 * 0.03;
  const double m2 = b * b * spread * spread / v;
  EXPECT_NEAR(modelled.HalfWidth(), RobustReach(std::sqrt(m2)) * std::sqrt(v),
              1e-9);
  EXPECT_NEAR((modelled.low + modelled.high) / 2, modelled.value, 1e-12);
}

TEST(ShrinkageTest, ACellThatContradictsItsParentIsLeftAlone) {
  const Kin kin{With(8.4, 0.05, 0.05), With(7.5, 0.002, 0.002)};
  const LogQuantile kept = Shrunk(kin, 0.08, Grid(), Usual());
  EXPECT_FALSE(kept.modelled);
  EXPECT_EQ(kept.value, 8.4);
}

TEST(ShrinkageTest, OffTheGridNothingIsModelled) {
  Kin kin{With(7.5, 0.2, 0.1), With(7.5, 0.002, 0.002)};
  kin.parent.position = Position::kBelow;
  EXPECT_FALSE(Shrunk(kin, 0.08, Grid(), Usual()).modelled);
}

TEST(ShrinkageTest, AModelledIntervalIsNeverWiderThanTheCellsOwn) {
  for (const double spread : {0.02, 0.1, 0.5, 2.0}) {
    const Kin kin{With(7.6, 0.1, 0.1), With(7.5, 0.05, 0.05)};
    EXPECT_LE(Shrunk(kin, spread, Grid(), Usual()).HalfWidth(),
              kin.cell.HalfWidth());
  }
}

}  // namespace
}  // namespace commonwage::privacy::estimate
