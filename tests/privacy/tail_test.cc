// SPDX-License-Identifier: Apache-2.0
#include "privacy/tail.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/privacy/dp_vectors.h"
#include "tests/testing/law_probability.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::DpVectors;
using commonwage::testing::ExpectAgrees;
using commonwage::testing::Field;
using commonwage::testing::FractionOf;
using commonwage::testing::NumberOf;
using commonwage::testing::ProbabilityOf;
using commonwage::testing::WholeOf;

void ExpectLawAgrees(const NoiseLaw& law,
                     const google::protobuf::Value& vector) {
  ExpectAgrees(VarianceOf(law), NumberOf(Field(vector, "variance")));
  ExpectAgrees(ProbabilityOf(law, 0), NumberOf(Field(vector, "prob_zero")));
  for (const auto& pair : Field(vector, "pmf").list_value().values()) {
    const int64_t x = WholeOf(pair.list_value().values(0));
    const long double expected = NumberOf(pair.list_value().values(1));
    ExpectAgrees(ProbabilityOf(law, x), expected);
    ExpectAgrees(ProbabilityOf(law, -x), expected);
  }
  for (const auto& pair : Field(vector, "tail_ge").list_value().values()) {
    const int64_t t = WholeOf(pair.list_value().values(0));
    const long double expected = NumberOf(pair.list_value().values(1));
    ExpectAgrees(TailAtLeast(law, t), expected);
    ExpectAgrees(UpperTailAtLeast(law, t), expected);
    EXPECT_GE(UpperTailAtLeast(law, t), expected);
  }
}

TEST(TailTest, AgreesWithTheVectorsOfTheDiscreteGaussian) {
  const auto vectors = DpVectors("discrete_gaussian");
  ASSERT_EQ(vectors.size(), 13U);
  for (const auto& vector : vectors) {
    ExpectLawAgrees(
        {Mechanism::kDiscreteGaussian, FractionOf(vector, "sigma2")}, vector);
  }
}

TEST(TailTest, AgreesWithTheVectorsOfTheDiscreteLaplace) {
  const auto vectors = DpVectors("discrete_laplace");
  ASSERT_EQ(vectors.size(), 8U);
  for (const auto& vector : vectors) {
    ExpectLawAgrees({Mechanism::kDiscreteLaplace, FractionOf(vector, "scale")},
                    vector);
  }
}

TEST(TailTest, TheTailsOfBothSidesAndTheMiddleMakeOne) {
  for (const NoiseLaw& law : {NoiseLaw{Mechanism::kDiscreteGaussian, {25, 1}},
                              NoiseLaw{Mechanism::kDiscreteLaplace, {10, 3}}}) {
    for (const int64_t t : {1, 2, 7, 30}) {
      EXPECT_NEAR(
          static_cast<double>(TailAtLeast(law, t) + TailAtLeast(law, 1 - t)),
          1.0, 1e-15);
      EXPECT_NEAR(
          static_cast<double>(TailAtLeast(law, t) - TailAtLeast(law, t + 1)),
          static_cast<double>(ProbabilityOf(law, t)), 1e-15);
    }
    EXPECT_LE(UpperTailAtLeast(law, -1000), 1.0L);
  }
}

TEST(TailTest, ALevelOfWeakNoiseVariesLessThanItsSigmaSquared) {
  const NoiseLaw law{Mechanism::kDiscreteGaussian, {1, 4}};
  EXPECT_LT(VarianceOf(law), 0.2151L);
}

}  // namespace
}  // namespace commonwage::privacy
