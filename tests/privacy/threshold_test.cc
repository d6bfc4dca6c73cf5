// SPDX-License-Identifier: Apache-2.0
#include "privacy/threshold.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/zcdp.h"
#include "tests/privacy/dp_vectors.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::DpVectors;
using commonwage::testing::ExpectAgrees;
using commonwage::testing::Field;
using commonwage::testing::FractionOf;
using commonwage::testing::HasReason;
using commonwage::testing::NumberOf;
using commonwage::testing::WholeOf;

NoiseLaw LawOf(const google::protobuf::Value& vector) {
  if (Field(vector, "noise").string_value() == "discrete_gaussian") {
    return {Mechanism::kDiscreteGaussian, FractionOf(vector, "sigma2")};
  }
  return {Mechanism::kDiscreteLaplace, FractionOf(vector, "scale")};
}

// Returns the list `name` of a vector, or nothing if it has none.
std::vector<google::protobuf::Value> PairsOf(
    const google::protobuf::Value& vector, const std::string& name) {
  if (!vector.struct_value().fields().contains(name)) {
    return {};
  }
  const auto& values = Field(vector, name).list_value().values();
  return {values.begin(), values.end()};
}

TEST(ThresholdTest, AgreesWithTheVectors) {
  const auto vectors = DpVectors("threshold");
  ASSERT_EQ(vectors.size(), 40U);
  for (const auto& vector : vectors) {
    const NoiseLaw law = LawOf(vector);
    const int64_t k = WholeOf(Field(vector, "k"));
    const auto tau =
        MinimalTau(law, k, Field(vector, "delta_target").string_value());
    ASSERT_OK(tau);
    EXPECT_EQ(*tau, WholeOf(Field(vector, "min_tau")));
    const long double delta1 = ThresholdDelta(law, k, *tau);
    ExpectAgrees(delta1, NumberOf(Field(vector, "delta1")));
    ExpectAgrees(ThresholdDelta(law, k, *tau - 1),
                 NumberOf(Field(vector, "delta1_prev")));
    ExpectAgrees(JointDelta(std::vector<long double>(4, delta1)),
                 NumberOf(Field(vector, "joint_delta_M4")));
    ExpectAgrees(JointDelta(std::vector<long double>(8, delta1)),
                 NumberOf(Field(vector, "joint_delta_M8")));
  }
}

TEST(ThresholdTest, TheChanceToBeShownAgreesWithTheVectors) {
  int compared = 0;
  for (const auto& vector : DpVectors("threshold")) {
    const NoiseLaw law = LawOf(vector);
    const int64_t k = WholeOf(Field(vector, "k"));
    const int64_t tau = WholeOf(Field(vector, "min_tau"));
    for (const auto& pair : PairsOf(vector, "release_prob")) {
      const int64_t n = WholeOf(pair.list_value().values(0));
      const long double expected = NumberOf(pair.list_value().values(1));
      const long double chance = ReleaseProbability(law, k, tau, n);
      // Below k both are zero, and a quotient would say nothing.
      EXPECT_EQ(chance == 0, n < k);
      ExpectAgrees(chance + (n < k ? 1 : 0), expected + (n < k ? 1 : 0));
      ++compared;
    }
  }
  EXPECT_EQ(compared, 250);
}

TEST(ThresholdTest, ATauOneSmallerIsTooSmall) {
  Marginal marginal;
  marginal.mechanism = Mechanism::kDiscreteGaussian;
  marginal.fanouts = {4, 4};
  marginal.micro_loss_per_level = {20000, 20000, 20000};
  const auto tau = MinimalTau(marginal, 10, "1e-7");
  ASSERT_OK(tau);
  EXPECT_EQ(*tau, 37);
  EXPECT_OK(CheckTau(marginal, 10, *tau, "1e-7"));
  EXPECT_OK(CheckTau(marginal, 10, *tau + 5, "1e-7"));
  EXPECT_THAT(CheckTau(marginal, 10, *tau - 1, "1e-7"),
              HasReason(Reason::kTauTooSmall));
}

TEST(ThresholdTest, TauStaysAboveKHoweverLooseDeltaIs) {
  const auto tau =
      MinimalTau({Mechanism::kDiscreteGaussian, {25, 1}}, 10, "0.99");
  ASSERT_OK(tau);
  EXPECT_EQ(*tau, 11);
}

TEST(ThresholdTest, FindsTheTauOfVeryWideLaplaceNoise) {
  const NoiseLaw law{Mechanism::kDiscreteLaplace, {1000000, 1}};
  const auto tau = MinimalTau(law, 10, "1e-7");
  ASSERT_OK(tau);
  EXPECT_LE(ThresholdDelta(law, 10, *tau), 1e-7L);
  EXPECT_GT(ThresholdDelta(law, 10, *tau - 1), 1e-7L);
}

TEST(ThresholdTest, RefusesTermsOutOfBounds) {
  const NoiseLaw law{Mechanism::kDiscreteGaussian, {25, 1}};
  EXPECT_THAT(MinimalTau(law, 1, "1e-7"), HasReason(Reason::kKOutOfRange));
  EXPECT_THAT(MinimalTau(law, -5, "1e-7"), HasReason(Reason::kKOutOfRange));
  EXPECT_THAT(MinimalTau(law, INT64_MAX, "1e-7"),
              HasReason(Reason::kKOutOfRange));
  EXPECT_THAT(MinimalTau(law, 10, "0"), HasReason(Reason::kDeltaFaulty));
  EXPECT_THAT(MinimalTau({Mechanism::kDiscreteGaussian, {50, 2}}, 10, "1e-7"),
              HasReason(Reason::kNoiseOutOfBounds));
}

}  // namespace
}  // namespace commonwage::privacy
