// SPDX-License-Identifier: Apache-2.0
// What the samplers accept, and that their integers fit there. How their draws
// are distributed: tests/statistical.
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/noise/discrete_gaussian.h"
#include "privacy/noise/discrete_laplace.h"
#include "privacy/noise/node_noise.h"
#include "privacy/noise/sampler_steps.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::SeededRandom;

constexpr int64_t kTop = std::numeric_limits<int64_t>::max();

TEST(SamplerBoundsTest, GaussianNoiseOutsideTheWidthProofIsRefused) {
  for (const Fraction& sigma_squared :
       {Fraction{0, 1}, Fraction{1, 0}, Fraction{-1, 1}, Fraction{1, -1},
        Fraction{(1 << 19) + 1, 1}, Fraction{1, (1 << 20) + 1}, Fraction{50, 2},
        Fraction{kTop, 1}, Fraction{1, kTop}}) {
    EXPECT_THAT(DiscreteGaussian::Create(sigma_squared),
                HasReason(Reason::kNoiseOutOfBounds));
  }
  EXPECT_OK(DiscreteGaussian::Create({1 << 19, 1}));
  EXPECT_OK(DiscreteGaussian::Create({1, 1 << 20}));
}

TEST(SamplerBoundsTest, LaplaceNoiseOutsideTheWidthProofIsRefused) {
  for (const Fraction& scale :
       {Fraction{0, 1}, Fraction{1, 0}, Fraction{-1, 1},
        Fraction{(1 << 20) + 1, 1}, Fraction{1, (1 << 25) + 1}, Fraction{4, 2},
        Fraction{kTop, 1}, Fraction{1, kTop}}) {
    EXPECT_THAT(DiscreteLaplace::Create(scale),
                HasReason(Reason::kNoiseOutOfBounds));
  }
  EXPECT_OK(DiscreteLaplace::Create({1 << 20, 1}));
  EXPECT_OK(DiscreteLaplace::Create({1, 1 << 25}));
}

TEST(SamplerBoundsTest, TheStatedWidthsHoldAtTheExtremes) {
  for (const uint64_t p : {uint64_t{1}, uint64_t{1} << 19}) {
    for (const uint64_t q : {uint64_t{1}, uint64_t{1} << 20}) {
      const uint64_t t = ExactSteps::ProposalScale(p, q);
      EXPECT_LT(t, uint64_t{1} << 10);
      const uint64_t magnitude = kMaxGeometric * t;
      EXPECT_LT(magnitude, uint64_t{1} << 17);
      EXPECT_LT(magnitude * q * t, uint64_t{1} << 47);
      EXPECT_LT(Uint128{2} * p * q * t * t, Uint128{1} << 60);
    }
  }
}

TEST(SamplerBoundsTest, DrawsAtTheExtremesStayInRange) {
  SeededRandom source(3);
  RandomBuffer random(source);
  for (const Fraction& sigma_squared :
       {Fraction{1 << 19, 1}, Fraction{1, 1 << 20},
        Fraction{(1 << 19) - 1, 1 << 20}, Fraction{524287, 1048575}}) {
    const auto gaussian = DiscreteGaussian::Create(sigma_squared);
    ASSERT_OK(gaussian);
    for (int i = 0; i < 20000; ++i) {
      ASSERT_LT(std::abs(gaussian->Draw(random)), 10 * 725);
    }
  }
  for (const Fraction& scale : {Fraction{1 << 20, 1}, Fraction{1, 1 << 25}}) {
    const auto laplace = DiscreteLaplace::Create(scale);
    ASSERT_OK(laplace);
    for (int i = 0; i < 20000; ++i) {
      ASSERT_LT(std::abs(laplace->Draw(random)), int64_t{1} << 27);
    }
  }
}

TEST(SamplerBoundsTest, TheProposalScaleIsOneMoreThanTheRootOfSigmaSquared) {
  EXPECT_EQ(ExactSteps::ProposalScale(1, 4), 1U);
  EXPECT_EQ(ExactSteps::ProposalScale(25, 1), 6U);
  EXPECT_EQ(ExactSteps::ProposalScale(50, 3), 5U);
  EXPECT_EQ(ExactSteps::ProposalScale(500000, 1), 708U);
  for (uint64_t value = 0; value < 3000; ++value) {
    const uint64_t root = FloorSqrt(value);
    ASSERT_LE(root * root, value);
    ASSERT_GT((root + 1) * (root + 1), value);
  }
}

TEST(SamplerBoundsTest, ANodeIsDrawnByTheLawItIsGiven) {
  // With the same bytes the same draws.
  SeededRandom source(9);
  RandomBuffer random(source);
  SeededRandom same_source(9);
  RandomBuffer same(same_source);
  const auto gaussian = DiscreteGaussian::Create({25, 1});
  const auto gaussian_node =
      NodeNoise::Create({Mechanism::kDiscreteGaussian, {25, 1}});
  const auto laplace = DiscreteLaplace::Create({10, 3});
  const auto laplace_node =
      NodeNoise::Create({Mechanism::kDiscreteLaplace, {10, 3}});
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(gaussian->Draw(random), gaussian_node->Draw(same));
    ASSERT_EQ(laplace->Draw(random), laplace_node->Draw(same));
  }
}

}  // namespace
}  // namespace commonwage::privacy::noise
