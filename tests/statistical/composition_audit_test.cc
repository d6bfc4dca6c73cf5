// SPDX-License-Identifier: Apache-2.0
// What several parts of releases tell together: never anything exact, and no
// more than their charges add up to.
#include <cmath>
#include <cstdint>
#include <iostream>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/noise/release_round.h"
#include "privacy/zcdp.h"
#include "survey/tree_shape.h"
#include "tests/statistical/audit.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using commonwage::testing::AuditManifest;
using commonwage::testing::SeededRandom;
using privacy::noise::Tally;

Release Draw(const Manifest& manifest, const Tally& tally,
             RandomSource& random) {
  auto release = privacy::noise::DrawRelease(manifest, ManifestHash(), tally,
                                             false, "test", random);
  EXPECT_OK(release);
  return *release;
}

double Variance(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const auto size = static_cast<double>(values.size());
  return squares / size - sum / size * (sum / size);
}

TEST(CompositionAuditTest, ATotalMinusItsShownPartsIsAsNoisyAsBothTogether) {
  // a0 has two parts; the second holds five people and is withheld.
  constexpr int kRuns = 4000;
  const Manifest manifest = AuditManifest();
  Tally tally(manifest.plan);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_OK(tally.Add({{0, 0}, {500}}));
  }
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK(tally.Add({{0, 1}, {500}}));
  }
  SeededRandom random(1);
  std::vector<double> guesses;
  for (int run = 0; run < kRuns; ++run) {
    const Release release = Draw(manifest, tally, random);
    ASSERT_FALSE(release.marginals[1].cells[1].has_value());
    guesses.push_back(
        static_cast<double>(release.marginals[0].cells[0]->front() -
                            release.marginals[1].cells[0]->front()));
  }
  // sigma^2 of the two roots: 25 and 16.
  EXPECT_NEAR(Variance(guesses), 41, 5 * 41 * std::sqrt(2.0 / kRuns));
}

TEST(CompositionAuditTest, TheTwoLevelsOfATreeNeverAgreeExactly) {
  // Were inner nodes sums of their children, one difference would be exact.
  constexpr int kRuns = 500;
  const Manifest manifest = AuditManifest();
  const Tally tally = commonwage::testing::EvenTally(manifest.plan, 1000);
  SeededRandom random(2);
  std::vector<double> differences;
  for (int run = 0; run < kRuns; ++run) {
    const std::vector<int64_t> nodes =
        *Draw(manifest, tally, random).marginals[0].cells[0];
    differences.push_back(static_cast<double>(nodes[0] - nodes[1] - nodes[2]));
  }
  // Three independent draws of sigma^2 = 25.
  EXPECT_NEAR(Variance(differences), 75, 5 * 75 * std::sqrt(2.0 / kRuns));
}

// Evidence that the person is in: the best statistic over the releases of
// several rounds, of all nodes on the person's path in both Gaussian marginals.
double EvidenceIn(const Manifest& manifest, const Tally& tally, int rounds,
                  int64_t others, RandomSource& random) {
  double evidence = 0;
  for (int round = 0; round < rounds; ++round) {
    const Release release = Draw(manifest, tally, random);
    for (size_t m = 0; m < 2; ++m) {
      const ReleasedMarginal& marginal = release.marginals[m];
      const TreeShape tree(manifest.plan.marginals[m].fanouts);
      const int64_t without = m == 0 ? 2 * others : others;
      for (size_t level = 0; level < tree.levels(); ++level) {
        const Fraction& sigma_squared = marginal.noise_per_level[level];
        evidence +=
            static_cast<double>((*marginal.cells[0])[tree.level_offset(level)] -
                                without) *
            static_cast<double>(sigma_squared.denominator) /
            static_cast<double>(sigma_squared.numerator);
      }
    }
  }
  return evidence;
}

TEST(CompositionAuditTest,
     AllMarginalsOfFourRoundsTellWhatTheirChargesAddUpTo) {
  // The same person, with the same pay, in every round: the worst case.
  constexpr int kRuns = 3000;
  constexpr int kRounds = 4;
  constexpr int64_t kOthers = 400;
  const Manifest manifest = AuditManifest();
  const Tally without = commonwage::testing::EvenTally(manifest.plan, kOthers);
  Tally with = without;
  ASSERT_OK(with.Add({{0, 0}, {500}}));
  SeededRandom random(3);
  std::vector<double> null;
  std::vector<double> other;
  double shift = 0;
  for (int run = 0; run < kRuns; ++run) {
    null.push_back(EvidenceIn(manifest, without, kRounds, kOthers, random));
    other.push_back(EvidenceIn(manifest, with, kRounds, kOthers, random));
    shift += (other.back() - null.back()) / kRuns;
  }
  const double mu = shift / std::sqrt((Variance(null) + Variance(other)) / 2);
  const double charged = std::sqrt(
      2 * kRounds *
      static_cast<double>(commonwage::testing::ChargedForGaussians()) / 1e6);
  const double standard_error = std::sqrt((2 + mu * mu / 4) / kRuns);
  std::cout << "four rounds: mu = " << mu << ", standard error "
            << standard_error << ", sqrt(2 rho) = " << charged << "\n";
  EXPECT_NEAR(mu, charged, 4 * standard_error);
}

TEST(CompositionAuditTest, TheBestGuessIsRightAsOftenAsTheOddsPromise) {
  // The adversary knows every submission but the one in question, and combines
  // all nodes of both Gaussian marginals in the best possible way.
  constexpr int kRuns = 10000;
  constexpr int64_t kOthers = 500;
  constexpr int64_t kPay = 1250;
  const Manifest manifest = AuditManifest();
  SeededRandom random(2);
  Tally absent(manifest.plan);
  for (int64_t i = 0; i < kOthers; ++i) {
    ASSERT_OK(absent.Add({{0, 0}, {kPay}}));
  }
  Tally present = absent;
  ASSERT_OK(present.Add({{0, 0}, {kPay}}));
  int right = 0;
  for (int run = 0; run < kRuns; ++run) {
    const bool took_part = random.Below(2) == 1;
    const Release release =
        Draw(manifest, took_part ? present : absent, random);
    double evidence = 0;
    for (size_t m = 0; m < 2; ++m) {
      const ReleasedMarginal& marginal = release.marginals[m];
      const TreeShape tree(manifest.plan.marginals[m].fanouts);
      const size_t bin = BinOf(manifest.plan.measures[0], kPay);
      for (size_t level = 0; level < tree.levels(); ++level) {
        const Fraction& sigma_squared = marginal.noise_per_level[level];
        const int64_t noisy = (*marginal.cells[0])[tree.NodeOver(level, bin)];
        evidence += (static_cast<double>(noisy - kOthers) - 0.5) *
                    static_cast<double>(sigma_squared.denominator) /
                    static_cast<double>(sigma_squared.numerator);
      }
    }
    right += (evidence > 0) == took_part ? 1 : 0;
  }
  const auto promised = static_cast<double>(
      privacy::BestGuess(commonwage::testing::ChargedForGaussians()));
  const double share = static_cast<double>(right) / kRuns;
  std::cout << "best guess: right in " << share << " of cases, promised "
            << promised << "\n";
  EXPECT_NEAR(share, promised, 5 * 0.5 / std::sqrt(kRuns));
}

}  // namespace
}  // namespace commonwage
