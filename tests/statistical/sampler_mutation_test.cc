// SPDX-License-Identifier: Apache-2.0
// Samplers with one mistake each, made from the very source of the real ones:
// the checks that the real ones pass must turn them down.
#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/noise/sampler_steps.h"
#include "tests/statistical/sample_checks.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::FailedChecks;
using commonwage::testing::Sample;
using commonwage::testing::SeededRandom;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kDraws = 400000;

// Draws by the steps, sigma^2 = p/q.
template <typename Steps>
Sample DrawGaussians(uint64_t p, uint64_t q) {
  SeededRandom source(7);
  RandomBuffer random(source);
  const GaussianTerms terms{p, q, Steps::ProposalScale(p, q)};
  Sample sample;
  for (int i = 0; i < kDraws; ++i) {
    sample.Add(DrawGaussianBy<Steps>(terms, random));
  }
  return sample;
}

template <typename Steps>
Sample DrawLaplaces(uint64_t t, uint64_t s) {
  SeededRandom source(8);
  RandomBuffer random(source);
  Sample sample;
  for (int i = 0; i < kDraws; ++i) {
    sample.Add(DrawLaplaceBy<Steps>(t, s, random));
  }
  return sample;
}

NoiseLaw Gaussian(int64_t p, int64_t q) {
  return {Mechanism::kDiscreteGaussian, {p, q}};
}

NoiseLaw Laplace(int64_t t, int64_t s) {
  return {Mechanism::kDiscreteLaplace, {t, s}};
}

TEST(SamplerMutationTest, TheRightStepsPass) {
  EXPECT_THAT(FailedChecks(DrawGaussians<ExactSteps>(25, 1), Gaussian(25, 1)),
              IsEmpty());
  EXPECT_THAT(FailedChecks(DrawGaussians<ExactSteps>(1, 4), Gaussian(1, 4)),
              IsEmpty());
  EXPECT_THAT(FailedChecks(DrawLaplaces<ExactSteps>(5, 1), Laplace(5, 1)),
              IsEmpty());
}

struct KeepsNegativeZero : ExactSteps {
  static constexpr bool kRejectsNegativeZero = false;
};

TEST(SamplerMutationTest, CountingZeroTwiceIsNoticed) {
  EXPECT_THAT(
      FailedChecks(DrawLaplaces<KeepsNegativeZero>(5, 1), Laplace(5, 1)),
      Not(IsEmpty()));
  EXPECT_THAT(
      FailedChecks(DrawLaplaces<KeepsNegativeZero>(24, 1), Laplace(24, 1)),
      Not(IsEmpty()));
  EXPECT_THAT(
      FailedChecks(DrawGaussians<KeepsNegativeZero>(25, 1), Gaussian(25, 1)),
      Not(IsEmpty()));
  EXPECT_THAT(FailedChecks(DrawGaussians<KeepsNegativeZero>(1000, 1),
                           Gaussian(1000, 1)),
              Not(IsEmpty()));
}

TEST(SamplerMutationTest, SigmaInPlaceOfSigmaSquaredIsNoticed) {
  EXPECT_THAT(FailedChecks(DrawGaussians<ExactSteps>(5, 1), Gaussian(25, 1)),
              Not(IsEmpty()));
  EXPECT_THAT(FailedChecks(DrawGaussians<ExactSteps>(1, 2), Gaussian(1, 4)),
              Not(IsEmpty()));
}

// floor(sigma) where the proposals are drawn, floor(sigma) + 1 where they are
// corrected.
struct FloorsTheProposal : ExactSteps {
  static uint64_t ProposalScale(uint64_t p, uint64_t q) {
    return FloorSqrt(p / q);
  }
  static uint64_t CorrectedScale(const GaussianTerms& terms) {
    return terms.t + 1;
  }
};

// floor(sigma) in both places.
struct FloorsBoth : ExactSteps {
  static uint64_t ProposalScale(uint64_t p, uint64_t q) {
    return FloorSqrt(p / q);
  }
};

TEST(SamplerMutationTest, AFlooredProposalScaleIsNoticed) {
  EXPECT_THAT(
      FailedChecks(DrawGaussians<FloorsTheProposal>(25, 1), Gaussian(25, 1)),
      Not(IsEmpty()));
  EXPECT_THAT(FailedChecks(DrawGaussians<FloorsTheProposal>(1000, 3),
                           Gaussian(1000, 3)),
              Not(IsEmpty()));
}

TEST(SamplerMutationDeathTest, AScaleFlooredInBothPlacesIsZeroForWeakNoise) {
  // For sigma >= 1 any positive scale gives the same law, only more slowly; it
  // is below 1 that the floor has nothing to draw from.
  EXPECT_THAT(FailedChecks(DrawGaussians<FloorsBoth>(25, 1), Gaussian(25, 1)),
              IsEmpty());
  EXPECT_DEATH(DrawGaussians<FloorsBoth>(1, 4), "check failed");
}

}  // namespace
}  // namespace commonwage::privacy::noise
