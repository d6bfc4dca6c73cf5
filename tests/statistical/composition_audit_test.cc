// SPDX-License-Identifier: Apache-2.0
// What several parts of releases tell together: never anything exact, and no
// more than their charges add up to.
#include <cmath>
#include <cstdint>
#include <iostream>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/noise/release_round.h"
#include "tests/statistical/audit.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using commonwage::testing::AuditManifest;
using commonwage::testing::ChargedForGaussians;
using commonwage::testing::EvenTally;
using commonwage::testing::Evidence;
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
  const Tally tally = EvenTally(manifest.plan, 1000);
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

TEST(CompositionAuditTest,
     AllMarginalsOfFourRoundsTellWhatTheirChargesAddUpTo) {
  // The same person, with the same pay, in every round: the worst case.
  constexpr int kRuns = 3000;
  constexpr int kRounds = 4;
  constexpr int kOthers = 400;
  const Manifest manifest = AuditManifest();
  const Tally without = EvenTally(manifest.plan, kOthers);
  Tally with = without;
  ASSERT_OK(with.Add({{0, 0}, {500}}));
  SeededRandom random(3);
  const auto evidence = [&](const Tally& tally) {
    double sum = 0;
    for (int round = 0; round < kRounds; ++round) {
      sum += Evidence(manifest.plan, Draw(manifest, tally, random), kOthers);
    }
    return sum;
  };
  std::vector<double> null;
  std::vector<double> other;
  double shift = 0;
  for (int run = 0; run < kRuns; ++run) {
    null.push_back(evidence(without));
    other.push_back(evidence(with));
    shift += (other.back() - null.back()) / kRuns;
  }
  const double mu = shift / std::sqrt((Variance(null) + Variance(other)) / 2);
  const double charged =
      std::sqrt(2 * kRounds * static_cast<double>(ChargedForGaussians()) / 1e6);
  const double standard_error = std::sqrt((2 + mu * mu / 4) / kRuns);
  std::cout << "four rounds: mu = " << mu << ", standard error "
            << standard_error << ", sqrt(2 rho) = " << charged << "\n";
  EXPECT_NEAR(mu, charged, 4 * standard_error);
}

}  // namespace
}  // namespace commonwage
