// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/critical.h"

#include <cmath>

#include <gtest/gtest.h>

#include "privacy/tail.h"

namespace commonwage::privacy::model {
namespace {

TEST(CriticalTest, NormalQuantileInvertsTheNormalDistribution) {
  EXPECT_NEAR(NormalQuantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-15);
  for (const double p : {1e-300, 1e-20, 1e-7, 0.01, 0.3, 0.7, 0.999}) {
    EXPECT_NEAR(NormalCdf(NormalQuantile(p)) / p, 1, 1e-9) << p;
  }
}

TEST(CriticalTest, GaussianNoiseReachesAsFarAsSamplingError) {
  const Critical critical = FindCritical(0.05, Mechanism::kDiscreteGaussian);
  EXPECT_DOUBLE_EQ(critical.noise, critical.sampling);
  EXPECT_NEAR(critical.Reach(9, 16), 5 * 1.959963984540054, 1e-12);
}

// ln(1 / miss) / sqrt(2) standard deviations: a Laplace variable of scale b has
// standard deviation b sqrt(2) and P[|X| > x] = exp(-x / b).
TEST(CriticalTest, LaplaceNoiseIsNotExceededMoreOftenThanItSays) {
  for (const double miss : {0.05, 0.01, 0.001}) {
    const Critical critical = FindCritical(miss, Mechanism::kDiscreteLaplace);
    EXPECT_GE(critical.noise, critical.sampling);
    const NoiseLaw law{Mechanism::kDiscreteLaplace, {20, 1}};
    const auto sd = std::sqrt(static_cast<double>(VarianceOf(law)));
    const auto reach =
        static_cast<int64_t>(std::floor(critical.noise * sd)) + 1;
    // Exact for the continuous law; whole numbers add a few per cent of it.
    EXPECT_LE(2 * static_cast<double>(TailAtLeast(law, reach)), 1.05 * miss);
    EXPECT_NEAR(std::exp(-std::sqrt(2.0) * critical.noise), miss, 1e-12);
  }
}

}  // namespace
}  // namespace commonwage::privacy::model
