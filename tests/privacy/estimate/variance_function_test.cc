// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/variance_function.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace commonwage::privacy::estimate {
namespace {

constexpr double kDensity = 1.1;

// A cell whose own deviations say that the density is `density`.
SizedQuantile CellOf(double workers, double p, double density, double ratio) {
  SizedQuantile cell;
  cell.workers = workers;
  cell.quantile.sampling_sd = std::sqrt(p * (1 - p) / workers) / density;
  cell.quantile.noise_sd = ratio * cell.quantile.sampling_sd;
  return cell;
}

// sampling = sqrt(p (1 - p) / T) / g, noise = r sampling.
TEST(VarianceFunctionTest, FollowsFromSizeAndTheDensityOfMostCells) {
  std::vector<SizedQuantile> cells;
  for (int i = 0; i < 7; ++i) {
    cells.push_back(CellOf(400 + i, 0.5, kDensity, 0.5));
  }
  cells.push_back(CellOf(30, 0.5, 5, 2));  // Noise made it look sure of itself.
  const std::vector<Deviations> smoothed = SmoothDeviations(cells, 0.5);
  ASSERT_EQ(smoothed.size(), cells.size());
  const double sampling = 0.5 / std::sqrt(30.0) / kDensity;
  EXPECT_NEAR(smoothed.back().sampling, sampling, 1e-12);
  EXPECT_NEAR(smoothed.back().noise, 2 * sampling, 1e-12);
  EXPECT_NEAR(smoothed.back().Variance(), 5 * sampling * sampling, 1e-12);
}

TEST(VarianceFunctionTest, CellsThatTheirOwnTailCutsOffAreNotAsked) {
  std::vector<SizedQuantile> cells;
  // 2 r sqrt(T p (1 - p)) is 24 of 10 workers in the tail.
  for (int i = 0; i < 9; ++i) {
    cells.push_back(CellOf(100, 0.1, 3, 4));
  }
  for (int i = 0; i < 4; ++i) {
    cells.push_back(CellOf(1000, 0.1, kDensity, 0.5));
  }
  cells[0].quantile.open_low = true;
  // Four are fewer than five: all are asked, and nine are more.
  EXPECT_NEAR(SmoothDeviations(cells, 0.1)[0].sampling,
              std::sqrt(0.09 / 100) / kDensity, 1e-12)
      << "weights are min(T, 300): 900 against 1,200";
  cells.push_back(CellOf(1000, 0.1, kDensity, 0.5));
  for (int i = 0; i < 9; ++i) {
    cells.push_back(CellOf(100, 0.1, 3, 4));
  }
  EXPECT_NEAR(SmoothDeviations(cells, 0.1)[0].sampling,
              std::sqrt(0.09 / 100) / kDensity, 1e-12);
  cells.resize(9);
  EXPECT_NEAR(SmoothDeviations(cells, 0.1)[0].sampling,
              std::sqrt(0.09 / 100) / 3, 1e-12);
}

TEST(VarianceFunctionTest, OneCellIsItsOwnTableAndNoneIsNone) {
  const std::vector<SizedQuantile> one = {CellOf(50, 0.9, kDensity, 1)};
  EXPECT_NEAR(SmoothDeviations(one, 0.9)[0].sampling,
              one[0].quantile.sampling_sd, 1e-15);
  EXPECT_TRUE(SmoothDeviations({}, 0.5).empty());
}

// Correlation sqrt(p (1 - q) / (q (1 - p))): 1/3 for 0.1 and 0.5.
TEST(VarianceFunctionTest, ErrorsOfTwoQuantilesGoTogether) {
  const Deviations a{0.3, 0.6};
  const Deviations b{0.2, 0.1};
  const Deviations distance = CombineDeviations(-1, a, 0.5, 1, b, 0.1);
  EXPECT_NEAR(distance.sampling * distance.sampling,
              0.09 + 0.04 - 2 * 0.3 * 0.2 / 3, 1e-12);
  EXPECT_NEAR(distance.noise * distance.noise, 0.36 + 0.01 - 2 * 0.6 * 0.1 / 3,
              1e-12);
  const Deviations none = CombineDeviations(-1, a, 0.5, 1, a, 0.5);
  EXPECT_NEAR(none.Variance(), 0, 1e-12);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
