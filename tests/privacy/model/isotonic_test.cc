// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/isotonic.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::model {
namespace {

using commonwage::testing::SeededRandom;

TEST(IsotonicTest, ViolatorsShareTheirWeightedMean) {
  EXPECT_EQ(FitIsotonic({1.0, 4.0, 2.0, 6.0}, {1.0, 1.0, 3.0, 1.0}),
            (std::vector<double>{1, 2.5, 2.5, 6}));
  EXPECT_EQ(FitIsotonic({3.0, 2.0, 1.0}, {1.0, 1.0, 1.0}),
            (std::vector<double>{2, 2, 2}));
  EXPECT_TRUE(FitIsotonic({}, {}).empty());
}

// y is the nearest iff it never falls, and on every run of equal values the
// weighted residuals sum to 0 and none of the run's beginnings sums below 0.
TEST(IsotonicTest, ItIsTheNearestByTheOptimalityConditions) {
  SeededRandom random(7);
  for (int turn = 0; turn < 200; ++turn) {
    std::vector<double> values(1 + random.Below(60));
    std::vector<double> weights(values.size());
    for (size_t j = 0; j < values.size(); ++j) {
      values[j] = static_cast<double>(random.Below(100));
      weights[j] = static_cast<double>(1 + random.Below(9));
    }
    const std::vector<double> fit = FitIsotonic(values, weights);
    double since = 0;
    for (size_t j = 0; j < fit.size(); ++j) {
      if (j > 0 && fit[j] != fit[j - 1]) {
        EXPECT_GT(fit[j], fit[j - 1]);
        EXPECT_NEAR(since, 0, 1e-8);
        since = 0;
      }
      since += weights[j] * (values[j] - fit[j]);
      EXPECT_GE(since, -1e-8);
    }
    EXPECT_NEAR(since, 0, 1e-8);
  }
}

}  // namespace
}  // namespace commonwage::privacy::model
