// SPDX-License-Identifier: Apache-2.0
#include "privacy/zcdp.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/dp_vectors.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::DpVectors;
using commonwage::testing::ExpectAgrees;
using commonwage::testing::Field;
using commonwage::testing::kVectorAccuracy;
using commonwage::testing::NumberOf;

int64_t Micro(long double rho) { return std::llround(rho * 1e6L); }

TEST(ZcdpTest, EpsilonAgreesWithTheVectorsAndIsNeverBelowThem) {
  const auto vectors = DpVectors("zcdp_eps_given_delta");
  ASSERT_EQ(vectors.size(), 32U);
  for (const auto& vector : vectors) {
    const int64_t micro_rho = Micro(NumberOf(Field(vector, "rho_num")) /
                                    NumberOf(Field(vector, "rho_den")));
    const long double delta = NumberOf(Field(vector, "delta"));
    const long double tight = NumberOf(Field(vector, "eps_tight"));
    ExpectAgrees(TightEpsilon(micro_rho, delta), tight);
    // The vectors themselves have twenty digits.
    EXPECT_GE(TightEpsilon(micro_rho, delta), tight * (1 - 1e-17L));
    ExpectAgrees(SimpleEpsilon(micro_rho, delta),
                 NumberOf(Field(vector, "eps_simple")));
    EXPECT_LE(TightEpsilon(micro_rho, delta), SimpleEpsilon(micro_rho, delta));
    EXPECT_LE(TightDelta(micro_rho, TightEpsilon(micro_rho, delta)), delta);
  }
}

TEST(ZcdpTest, DeltaAgreesWithTheVectorsAndIsNeverBelowThem) {
  const auto vectors = DpVectors("zcdp_delta_given_eps");
  ASSERT_EQ(vectors.size(), 48U);
  for (const auto& vector : vectors) {
    const int64_t micro_rho = Micro(NumberOf(Field(vector, "rho_num")) /
                                    NumberOf(Field(vector, "rho_den")));
    const long double epsilon =
        NumberOf(Field(vector, "eps_num")) / NumberOf(Field(vector, "eps_den"));
    const long double expected = NumberOf(Field(vector, "delta_tight"));
    const long double delta = TightDelta(micro_rho, epsilon);
    EXPECT_NEAR(static_cast<double>(delta / expected), 1.0,
                static_cast<double>(kVectorAccuracy));
    EXPECT_GE(delta, expected * (1 - 1e-17L));
    EXPECT_LE(delta, NumberOf(Field(vector, "delta_simple")) * (1 + 1e-12L));
  }
}

TEST(ZcdpTest, DeltaIsNotBelowWhatOneDrawOfTheGaussianReallyCosts) {
  for (const auto& vector : DpVectors("discrete_gaussian_exact_delta")) {
    const long double sigma2 = NumberOf(Field(vector, "sigma2_num")) /
                               NumberOf(Field(vector, "sigma2_den"));
    const long double sensitivity = NumberOf(Field(vector, "sensitivity"));
    const long double rho = sensitivity * sensitivity / (2 * sigma2);
    const long double epsilon =
        NumberOf(Field(vector, "eps_num")) / NumberOf(Field(vector, "eps_den"));
    const auto micro_rho = static_cast<int64_t>(std::ceil(rho * 1e6L - 1e-9L));
    EXPECT_GE(TightDelta(micro_rho, epsilon),
              NumberOf(Field(vector, "delta")) * (1 - 1e-15L));
  }
}

TEST(ZcdpTest, ComposesMarginalsAndRoundsAsTheVectorsDo) {
  const auto vectors = DpVectors("composition");
  ASSERT_EQ(vectors.size(), 3U);
  for (const auto& vector : vectors) {
    const auto rounds = static_cast<size_t>(NumberOf(Field(vector, "rounds")));
    int64_t micro_rho = 0;
    std::vector<long double> deltas;
    for (const auto& marginal :
         Field(vector, "marginals").list_value().values()) {
      micro_rho += static_cast<int64_t>(rounds) *
                   Micro(NumberOf(Field(marginal, "rho")));
      deltas.insert(deltas.end(), rounds, NumberOf(Field(marginal, "delta1")));
    }
    EXPECT_EQ(micro_rho, Micro(NumberOf(Field(vector, "rho_total"))));
    const long double joint = JointDelta(deltas);
    ExpectAgrees(joint, NumberOf(Field(vector, "delta_threshold_total")));
    EXPECT_GE(joint,
              NumberOf(Field(vector, "delta_threshold_total")) * (1 - 1e-15L));
    ExpectAgrees(EpsilonWithThreshold(micro_rho, joint,
                                      NumberOf(Field(vector, "delta_target"))),
                 NumberOf(Field(vector, "eps")));
  }
}

TEST(ZcdpTest, ThereIsNoEpsilonForADeltaThatTheThresholdsUseUp) {
  EXPECT_TRUE(std::isinf(EpsilonWithThreshold(100000, 1e-6L, 1e-6L)));
  EXPECT_TRUE(std::isinf(EpsilonWithThreshold(100000, 1e-6L, 1e-7L)));
}

TEST(ZcdpTest, TheDeltaOfRoundsIsTheJointOne) {
  EXPECT_EQ(DeltaOverRounds(1e-7L, 0), 0.0L);
  ExpectAgrees(DeltaOverRounds(1e-7L, 7),
               JointDelta(std::vector<long double>(7, 1e-7L)));
  // Never rounded down, and never more than one: (1 - 1/2)^2 = 1/4.
  EXPECT_GE(DeltaOverRounds(0.5L, 2), 0.75L);
  EXPECT_LE(DeltaOverRounds(1e-3L, int64_t{1} << 40), 1.0L);
}

TEST(ZcdpTest, PureEpsilonCountsHalfItsSquareRoundedUp) {
  EXPECT_EQ(MicroRhoOfPure(0), 0);
  EXPECT_EQ(MicroRhoOfPure(1), 1);
  EXPECT_EQ(MicroRhoOfPure(1000000), 500000);
  EXPECT_EQ(MicroRhoOfPure(1000001), 500002);  // 500001.0000005
  EXPECT_EQ(MicroRhoOfPure(300000), 45000);
}

TEST(ZcdpTest, NoLossNeedsNoEpsilon) {
  EXPECT_EQ(TightEpsilon(0, 1e-6L), 0.0L);
}

TEST(ZcdpTest, MoreLossNeedsMoreEpsilon) {
  long double last = 0;
  for (int64_t micro_rho = 1; micro_rho < 100000000; micro_rho *= 3) {
    const long double epsilon = TightEpsilon(micro_rho, 1e-6L);
    EXPECT_GE(epsilon, last);
    last = epsilon;
  }
}

}  // namespace
}  // namespace commonwage::privacy
