// SPDX-License-Identifier: Apache-2.0
// Seeds are fixed. For a fresh seed each comparison fails with a chance below
// 2e-9: six standard deviations.
#include "privacy/noise/bernoulli_exp.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "tests/privacy/dp_vectors.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::DpVectors;
using commonwage::testing::NumberOf;
using commonwage::testing::SeededRandom;

constexpr int kDraws = 400000;

double ShareOfHeads(Uint128 a, Uint128 d, uint64_t seed) {
  SeededRandom source(seed);
  RandomBuffer random(source);
  int heads = 0;
  for (int i = 0; i < kDraws; ++i) {
    heads += DrawBernoulliExp(a, d, random) ? 1 : 0;
  }
  return static_cast<double>(heads) / kDraws;
}

void ExpectShare(double share, double expected, const std::string& what) {
  EXPECT_NEAR(share, expected,
              6 * std::sqrt(expected * (1 - expected) / kDraws) + 1e-9)
      << what;
}

TEST(BernoulliExpTest, HeadsComeAsOftenAsTheVectorsSay) {
  const auto vectors = DpVectors("bernoulli_exp");
  ASSERT_EQ(vectors.size(), 12U);
  for (const auto& vector : vectors) {
    const std::string& fraction = vector.list_value().values(0).string_value();
    const auto a = static_cast<uint64_t>(std::atoll(fraction.c_str()));
    const auto d = static_cast<uint64_t>(
        std::atoll(fraction.c_str() + fraction.find('/') + 1));
    ExpectShare(ShareOfHeads(a, d, 11),
                static_cast<double>(NumberOf(vector.list_value().values(1))),
                fraction);
  }
}

TEST(BernoulliExpTest, ScalingTheFractionChangesNothing) {
  // The widest denominators the samplers may use, and beyond 64 bits.
  const Uint128 wide = (Uint128{1} << 60) - 1;
  ExpectShare(ShareOfHeads(wide, wide * 2, 12), std::exp(-0.5), "2^60");
  const Uint128 wider = (Uint128{1} << 100) + 1;
  ExpectShare(ShareOfHeads(wider * 7, wider * 3, 13), std::exp(-7.0 / 3),
              "2^100");
}

TEST(BernoulliExpTest, ASumOfExponentsIsAProductOfChances) {
  const double a = ShareOfHeads(3, 10, 14);
  const double b = ShareOfHeads(9, 10, 15);
  const double both = ShareOfHeads(12, 10, 16);
  // The product's standard error is below that of a single share here.
  EXPECT_NEAR(a * b, both, 6 * 2 * std::sqrt(0.25 / kDraws));
}

TEST(BernoulliExpTest, AnImpossibleExponentIsNotWaitedFor) {
  SeededRandom source(17);
  RandomBuffer random(source);
  EXPECT_FALSE(DrawBernoulliExp(Uint128{1} << 94, 1, random));
  EXPECT_TRUE(DrawBernoulliExp(0, 1, random));
}

}  // namespace
}  // namespace commonwage::privacy::noise
