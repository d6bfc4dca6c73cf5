// SPDX-License-Identifier: Apache-2.0
// The draws of the samplers that products use, against the laws they state.
#include <cmath>
#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/noise/node_noise.h"
#include "tests/statistical/sample_checks.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::FailedChecks;
using commonwage::testing::Sample;
using commonwage::testing::SeededRandom;
using ::testing::IsEmpty;

constexpr int kDraws = 400000;

Sample Draw(const NoiseLaw& law, uint64_t seed) {
  const auto noise = NodeNoise::Create(law);
  EXPECT_OK(noise);
  SeededRandom source(seed);
  RandomBuffer random(source);
  Sample sample;
  for (int i = 0; i < kDraws; ++i) {
    sample.Add(noise->Draw(random));
  }
  return sample;
}

TEST(SamplerTest, DrawsOfTheDiscreteGaussianFollowTheirLaw) {
  for (const Fraction& sigma_squared : std::vector<Fraction>{{1, 4},
                                                             {1, 1},
                                                             {5, 2},
                                                             {7, 1},
                                                             {10, 1},
                                                             {50, 3},
                                                             {25, 1},
                                                             {100, 1},
                                                             {1000, 3},
                                                             {500000, 19997},
                                                             {1000, 1},
                                                             {10000, 1},
                                                             {1, 1 << 20}}) {
    const NoiseLaw law{Mechanism::kDiscreteGaussian, sigma_squared};
    EXPECT_THAT(FailedChecks(Draw(law, 101), law), IsEmpty())
        << sigma_squared.numerator << "/" << sigma_squared.denominator;
  }
}

TEST(SamplerTest, DrawsOfTheDiscreteLaplaceFollowTheirLaw) {
  for (const Fraction& scale : std::vector<Fraction>{{1, 2},
                                                     {1, 1},
                                                     {2, 1},
                                                     {7, 3},
                                                     {10, 3},
                                                     {5, 1},
                                                     {24, 1},
                                                     {100, 1},
                                                     {1000000, 333331}}) {
    const NoiseLaw law{Mechanism::kDiscreteLaplace, scale};
    EXPECT_THAT(FailedChecks(Draw(law, 202), law), IsEmpty())
        << scale.numerator << "/" << scale.denominator;
  }
}

TEST(SamplerTest, EveryIntegerIsPossibleForEveryCount) {
  // Floating-point noise leaves holes that tell neighbouring counts apart.
  const NoiseLaw law{Mechanism::kDiscreteGaussian, {25, 1}};
  const Sample sample = Draw(law, 303);
  for (int64_t x = -20; x <= 20; ++x) {
    EXPECT_TRUE(sample.counts().contains(x)) << x;
  }
}

TEST(SamplerTest, DrawsOneAfterTheOtherAreUnrelated) {
  const auto noise = NodeNoise::Create({Mechanism::kDiscreteGaussian, {25, 1}});
  SeededRandom source(404);
  RandomBuffer random(source);
  double product = 0;
  auto last = static_cast<double>(noise->Draw(random));
  for (int i = 0; i < kDraws; ++i) {
    const auto next = static_cast<double>(noise->Draw(random));
    product += last * next;
    last = next;
  }
  // Standard error of the correlation: 1 / sqrt(draws).
  EXPECT_LT(std::abs(product / 25 / kDraws), 5 / std::sqrt(kDraws));
}

}  // namespace
}  // namespace commonwage::privacy::noise
