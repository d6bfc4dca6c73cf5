// SPDX-License-Identifier: Apache-2.0
#include "privacy/loss_distribution.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/noise_law.h"
#include "privacy/tail.h"
#include "tests/testing/law_probability.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::ProbabilityOf;

// Chance under P by loss in millionths, atom by atom, from the laws themselves.
using Atoms = std::map<int64_t, long double>;

Atoms GaussianAtoms(int64_t micro_rho) {
  const NoiseLaw law{Mechanism::kDiscreteGaussian,
                     ReducedFraction(500000, micro_rho)};
  Atoms atoms;
  for (int64_t x = -120; x <= 120; ++x) {
    atoms[(1 - 2 * x) * micro_rho] += ProbabilityOf(law, x);
  }
  return atoms;
}

Atoms LaplaceAtoms(int64_t micro_epsilon) {
  const NoiseLaw law{Mechanism::kDiscreteLaplace,
                     ReducedFraction(1000000, micro_epsilon)};
  // Z against Z + 1: the loss is epsilon wherever Z <= 0.
  const long double above = TailAtLeast(law, 1);
  return {{micro_epsilon, 1 - above}, {-micro_epsilon, above}};
}

Atoms Together(const Atoms& a, const Atoms& b) {
  Atoms sum;
  for (const auto& [loss_a, chance_a] : a) {
    for (const auto& [loss_b, chance_b] : b) {
      if (chance_a * chance_b > 1e-20L) {
        sum[loss_a + loss_b] += chance_a * chance_b;
      }
    }
  }
  return sum;
}

// Sum of min(P, Q), with Q = P e^-l.
double OverlapOf(const Atoms& atoms) {
  long double overlap = 0;
  for (const auto& [loss, chance] : atoms) {
    overlap += chance *
               std::min(1.0L, std::exp(-static_cast<long double>(loss) / 1e6L));
  }
  return static_cast<double>(overlap);
}

// Never above the truth, and below it by no more than `most`.
void ExpectJustBelow(double computed, double truth, double most) {
  EXPECT_LE(computed, truth);
  EXPECT_GE(computed, truth - most);
}

TEST(LossDistributionTest, OneNodeIsExact) {
  for (const int64_t micro_rho : {5000, 31250, 200000, 1048576}) {
    ExpectJustBelow(LossDistribution::OfGaussian(micro_rho).Overlap(),
                    OverlapOf(GaussianAtoms(micro_rho)), 2e-8);
  }
  for (const int64_t micro_epsilon : {1, 300000, 5000000}) {
    ExpectJustBelow(LossDistribution::OfLaplace(micro_epsilon).Overlap(),
                    OverlapOf(LaplaceAtoms(micro_epsilon)), 2e-8);
  }
}

TEST(LossDistributionTest, NodesOnOneLatticeAreExactTogether) {
  Atoms atoms = {{0, 1}};
  LossDistribution loss;
  for (int i = 0; i < 4; ++i) {
    atoms =
        Together(atoms, Together(GaussianAtoms(50000), LaplaceAtoms(300000)));
    loss = loss.With(LossDistribution::OfGaussian(50000))
               .With(LossDistribution::OfLaplace(300000));
    ExpectJustBelow(loss.Overlap(), OverlapOf(atoms), 2e-8);
  }
  ExpectJustBelow(LossDistribution::OfGaussian(50000)
                      .With(LossDistribution::OfLaplace(300000))
                      .Times(4)
                      .Overlap(),
                  OverlapOf(atoms), 2e-8);
}

TEST(LossDistributionTest, LatticesThatDoNotMatchAreOnTheSafeSideAndClose) {
  const std::vector<std::vector<int64_t>> cases = {
      {31250, 20001}, {100003, 777777}, {1000000, 1005000, 1009000}};
  for (const std::vector<int64_t>& losses : cases) {
    Atoms atoms = LaplaceAtoms(123457);
    std::vector<LossDistribution> parts = {LossDistribution::OfLaplace(123457)};
    for (const int64_t micro_rho : losses) {
      atoms = Together(atoms, GaussianAtoms(micro_rho));
      parts.push_back(LossDistribution::OfGaussian(micro_rho));
    }
    ExpectJustBelow(LossDistribution::OfAll(parts).Overlap(), OverlapOf(atoms),
                    2e-6);
  }
}

TEST(LossDistributionTest, NothingOfThemIsACoinAndManyHideNothing) {
  EXPECT_NEAR(LossDistribution().Overlap(), 1, 2e-8);
  EXPECT_LE(LossDistribution().Overlap(), 1);
  EXPECT_NEAR(LossDistribution::OfAll({}).Overlap(), 1, 2e-8);
  const LossDistribution node = LossDistribution::OfGaussian(40000);
  EXPECT_NEAR(node.Times(0).Overlap(), 1, 2e-8);
  EXPECT_NEAR(node.Times(1).Overlap(), node.Overlap(), 1e-12);
  EXPECT_EQ(node.Times(int64_t{1} << 60).Overlap(), 0);
  EXPECT_EQ(node.Times(int64_t{1} << 60).With(node).Overlap(), 0);
}

TEST(LossDistributionTest, SplittingAnOutcomeKeepsItsChances) {
  const double h = 0.37;
  const double a = 2 * h;
  const double b = 3 * h;
  for (const double loss : {a, a + 0.1, a + 0.2, b}) {
    const double low = std::sinh((b - loss) / 2) / std::sinh(h / 2);
    const double high = std::sinh((loss - a) / 2) / std::sinh(h / 2);
    EXPECT_NEAR(low * std::exp(a / 2) + high * std::exp(b / 2),
                std::exp(loss / 2), 1e-14);
    EXPECT_NEAR(low * std::exp(-a / 2) + high * std::exp(-b / 2),
                std::exp(-loss / 2), 1e-14);
  }
}

}  // namespace
}  // namespace commonwage::privacy
