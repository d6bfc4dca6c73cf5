// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/release_round.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "privacy/noise/release_steps.h"
#include "privacy/noise_terms.h"
#include "privacy/plan_loss.h"
#include "survey/cells.h"
#include "survey/plan/plan_json.h"
#include "survey/plan/tree_shape.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::SamplePlanJson;
using commonwage::testing::SeededRandom;

Manifest SampleManifest() {
  Manifest manifest;
  auto plan = ParsePlan(SamplePlanJson());
  EXPECT_OK(plan);
  manifest.plan = *plan;
  auto loss = LossOf(manifest.plan);
  EXPECT_OK(loss);
  for (const MarginalLoss& marginal : loss->marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  return manifest;
}

// Returns a tally with `count` answers in the first cell of each marginal.
Tally TallyOf(const Plan& plan, int count) {
  Tally tally(plan);
  for (int i = 0; i < count; ++i) {
    EXPECT_OK(tally.Add({{0, 0}, {700 + i % 1500}}));
  }
  return tally;
}

Release Draw(const Manifest& manifest, const Tally& tally, uint64_t seed) {
  SeededRandom random(seed);
  auto release =
      DrawRelease(manifest, ManifestHash(), tally, false, "test", random);
  EXPECT_OK(release);
  return *release;
}

// Returns what a forked child that draws a release sends back.
std::string DrawInChild(const Manifest& manifest, const Tally& tally) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    crypto::SodiumRandom random;
    const auto release =
        DrawRelease(manifest, ManifestHash(), tally, false, "test", random);
    const std::string bytes = WriteRelease(*release);
    const ssize_t written = write(ends[1], bytes.data(), bytes.size());
    _exit(written == static_cast<ssize_t>(bytes.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string received;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0;
       (got = read(ends[0], chunk.data(), chunk.size())) > 0;) {
    received.append(chunk.data(), static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return received;
}

TEST(ReleaseRoundTest, ListsEveryCellOfTheProductInPlanOrder) {
  const Manifest manifest = SampleManifest();
  const Release release = Draw(manifest, TallyOf(manifest.plan, 2000), 1);
  EXPECT_EQ(release.round_id, "couriers.2026-q1");
  EXPECT_EQ(release.k, 10);
  EXPECT_EQ(release.code_version, "test");
  ASSERT_EQ(release.marginals.size(), 2U);
  EXPECT_EQ(release.marginals[0].cells.size(), 4U);
  EXPECT_EQ(release.marginals[1].cells.size(), 12U);
  EXPECT_OK(CheckReleaseAgainst(release, manifest));
}

TEST(ReleaseRoundTest, SaysByWhichRulesItWasMade) {
  const Manifest manifest = SampleManifest();
  const auto hash = ManifestHash::From(std::string(32, 'h'));
  SeededRandom random(1);
  const auto release = DrawRelease(manifest, *hash, TallyOf(manifest.plan, 0),
                                   true, "1.2.3", random);
  ASSERT_OK(release);
  EXPECT_EQ(release->manifest_hash, *hash);
  EXPECT_TRUE(release->closed_early);
  const ReleasedMarginal& marginal = release->marginals[0];
  EXPECT_EQ(marginal.id, "platform");
  EXPECT_EQ(marginal.tau, 27);
  EXPECT_EQ(marginal.threshold_delta, "1e-7");
  EXPECT_EQ(marginal.noise_per_level, std::vector<Fraction>(3, {10, 1}));
  EXPECT_EQ(release->marginals[1].noise_per_level,
            std::vector<Fraction>(3, {10, 3}));
}

TEST(ReleaseRoundTest, ALargeCellIsShownWithAllItsNodesAndEmptyOnesAreNot) {
  const Manifest manifest = SampleManifest();
  const Release release = Draw(manifest, TallyOf(manifest.plan, 2000), 2);
  for (const ReleasedMarginal& marginal : release.marginals) {
    ASSERT_TRUE(marginal.cells[0].has_value());
    EXPECT_EQ(marginal.cells[0]->size(), 21U);
    EXPECT_NEAR(static_cast<double>(marginal.cells[0]->front()), 2000, 100);
    for (size_t cell = 1; cell < marginal.cells.size(); ++cell) {
      EXPECT_FALSE(marginal.cells[cell].has_value());
    }
  }
}

TEST(ReleaseRoundTest, BelowKNothingIsEverShownHoweverHighTheNoise) {
  Manifest manifest = SampleManifest();
  // The loosest terms that are accepted: tau = k + 1.
  manifest.plan.threshold_delta = std::string("0.9");
  manifest.taus = {11, 11};
  const Tally tally = TallyOf(manifest.plan, 9);
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    const Release release = Draw(manifest, tally, seed);
    for (const ReleasedMarginal& marginal : release.marginals) {
      ASSERT_THAT(marginal.cells, ::testing::Each(std::nullopt));
    }
  }
}

TEST(ReleaseRoundTest, ExactlyKAndExactlyTauAreEnoughAndOneLessOfEitherIsNot) {
  EXPECT_TRUE(ProvenSteps::IsShown(10, 17, 10, 17));
  EXPECT_FALSE(ProvenSteps::IsShown(9, 17, 10, 17));
  EXPECT_FALSE(ProvenSteps::IsShown(10, 16, 10, 17));
  EXPECT_FALSE(ProvenSteps::IsShown(100, 16, 10, 17));
}

TEST(ReleaseRoundTest, TheRootThatIsShownIsTheOneThatPassedTau) {
  Manifest manifest = SampleManifest();
  manifest.plan.threshold_delta = std::string("0.9");
  manifest.taus = {11, 11};
  const Tally tally = TallyOf(manifest.plan, 12);
  int shown = 0;
  constexpr int kRuns = 3000;
  for (uint64_t seed = 0; seed < kRuns; ++seed) {
    const Release release = Draw(manifest, tally, seed);
    const ReleasedCell& cell = release.marginals[0].cells[0];
    if (cell.has_value()) {
      ++shown;
      ASSERT_GE(cell->front(), 11);
    }
  }
  // P[12 + Z >= 11] for sigma^2 = 10 is 0.683; six standard deviations.
  EXPECT_NEAR(shown, 0.683 * kRuns, 6 * 26);
}

TEST(ReleaseRoundTest, WithheldCellsTakeAsMuchRandomnessAsShownOnes) {
  // Whatever is in a cell, the same bytes are left after drawing it.
  const Manifest manifest = SampleManifest();
  const Marginal& marginal = manifest.plan.marginals[0];
  CellTerms terms{TreeShape(marginal.fanouts), {}, 10, manifest.taus[0]};
  for (const NoiseLaw& law : LawPerLevel(marginal)) {
    terms.noise.push_back(*NodeNoise::Create(law));
  }
  std::vector<uint64_t> next;
  for (const int64_t people : {0, 9, 10, 5000}) {
    std::vector<int64_t> bins(16, 0);
    bins[3] = people;
    SeededRandom source(6);
    RandomBuffer random(source);
    ProvenSteps steps;
    EXPECT_EQ(DrawCellBy(steps, terms, bins, random).has_value(),
              people == 5000);
    next.push_back(random.TakeBytes(8));
  }
  EXPECT_EQ(next, std::vector<uint64_t>(4, next[0]));
}

TEST(ReleaseRoundTest, TwoForkedProcessesDrawDifferentNoise) {
  // With the source that products use.
  const Manifest manifest = SampleManifest();
  const Tally tally = TallyOf(manifest.plan, 2000);
  std::vector<std::string> releases;
  for (int child = 0; child < 2; ++child) {
    releases.push_back(DrawInChild(manifest, tally));
  }
  EXPECT_GT(releases[0].size(), 100U);
  EXPECT_NE(releases[0], releases[1]);
}

TEST(ReleaseRoundTest, RefusesATauThatIsTooSmallAndCountsOfAnotherPlan) {
  Manifest manifest = SampleManifest();
  const Tally tally = TallyOf(manifest.plan, 10);
  SeededRandom random(1);
  --manifest.taus[0];
  EXPECT_THAT(
      DrawRelease(manifest, ManifestHash(), tally, false, "test", random),
      HasReason(Reason::kTauTooSmall));
  ++manifest.taus[0];
  manifest.plan.dimensions[0].values.pop_back();
  EXPECT_THAT(
      DrawRelease(manifest, ManifestHash(), tally, false, "test", random),
      HasReason(Reason::kTallyMismatch));
}

TEST(ReleaseRoundTest, RefusesNoiseOutsideTheBounds) {
  Manifest manifest = SampleManifest();
  manifest.plan.marginals[0].micro_loss_per_level[2] = (1 << 20) + 1;
  SeededRandom random(1);
  EXPECT_THAT(DrawRelease(manifest, ManifestHash(), TallyOf(manifest.plan, 10),
                          false, "test", random),
              HasReason(Reason::kNoiseOutOfBounds));
}

TEST(ReleaseRoundTest, TwoReleasesOfTheSameCountsDiffer) {
  const Manifest manifest = SampleManifest();
  const Tally tally = TallyOf(manifest.plan, 2000);
  SeededRandom random(5);
  const auto first =
      DrawRelease(manifest, ManifestHash(), tally, false, "test", random);
  const auto second =
      DrawRelease(manifest, ManifestHash(), tally, false, "test", random);
  EXPECT_NE(*first, *second);
}

}  // namespace
}  // namespace commonwage::privacy::noise
