// SPDX-License-Identifier: Apache-2.0
// k - 1 false submissions around one victim: with the victim the cell has k
// people, without k - 1. Whoever made the false ones must not see the
// difference, but for the delta that the rule is charged.

#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_json.h"
#include "survey/release.h"
#include "tests/statistical/audit.h"
#include "tests/statistical/faulty_steps.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

constexpr int kRounds = 20'000;

Manifest SampleManifest() {
  Manifest manifest;
  manifest.plan = ParsePlan(testing::SamplePlanJson()).value();
  const privacy::PlanLoss loss = privacy::LossOf(manifest.plan).value();
  for (const privacy::MarginalLoss& marginal : loss.marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  return manifest;
}

privacy::noise::Tally TallyOf(const Plan& plan, int64_t people) {
  privacy::noise::Tally tally(plan);
  for (int64_t i = 0; i < people; ++i) {
    EXPECT_OK(tally.Add({{1, 1}, {1250}}));
  }
  return tally;
}

// The code that publishes.
Release Honest(const Manifest& manifest, const privacy::noise::Tally& tally,
               RandomSource& random) {
  auto release = privacy::noise::DrawRelease(manifest, ManifestHash(), tally,
                                             false, "test", random);
  EXPECT_OK(release);
  return *std::move(release);
}

// How often the victim's cell is shown, in either marginal.
int TimesShown(const Manifest& manifest, int64_t people, uint64_t seed,
               const testing::Publisher& publish = Honest) {
  testing::SeededRandom random(seed);
  const privacy::noise::Tally tally = TallyOf(manifest.plan, people);
  int shown = 0;
  for (int i = 0; i < kRounds; ++i) {
    const Release release = publish(manifest, tally, random);
    for (const ReleasedMarginal& marginal : release.marginals) {
      for (const auto& cell : marginal.cells) {
        shown += cell.has_value() ? 1 : 0;
      }
    }
  }
  return shown;
}

TEST(SybilTest, TheVictimsCellIsWithheldWithAndWithoutTheVictim) {
  const Manifest manifest = SampleManifest();
  EXPECT_EQ(TimesShown(manifest, manifest.plan.k - 1, 1), 0);
  // At k the chance is at most 1e-7 per cell: 0.004 are expected in all.
  EXPECT_EQ(TimesShown(manifest, manifest.plan.k, 2), 0);
}

TEST(SybilTest, AgainstABuildThatComparesTheNoisyCountWithKItWorks) {
  const Manifest manifest = SampleManifest();
  const auto faulty = testing::PublisherBy<testing::TauIsK>();
  EXPECT_EQ(TimesShown(manifest, manifest.plan.k - 1, 6, faulty), 0);
  EXPECT_GT(TimesShown(manifest, manifest.plan.k, 6, faulty), kRounds / 4);
}

TEST(SybilTest, AgainstABuildWithoutTheTestOfKFewerThanKShow) {
  const Manifest manifest = testing::LooseAuditManifest();
  EXPECT_EQ(TimesShown(manifest, manifest.plan.k - 1, 7), 0);
  EXPECT_GT(TimesShown(manifest, manifest.plan.k - 1, 7,
                       testing::PublisherBy<testing::NoKTest>()),
            0);
}

TEST(SybilTest, ALooserRuleIsRefusedOrCharged) {
  Manifest manifest = SampleManifest();
  manifest.taus = {manifest.plan.k, manifest.plan.k};
  testing::SeededRandom random(3);
  EXPECT_THAT(
      privacy::noise::DrawRelease(manifest, ManifestHash(),
                                  TallyOf(manifest.plan, manifest.plan.k),
                                  false, "test", random),
      testing::HasReason(Reason::kTauTooSmall));
  manifest = SampleManifest();
  manifest.plan.threshold_delta = "1e-3";
  for (size_t i = 0; i < manifest.taus.size(); ++i) {
    manifest.taus[i] = privacy::LossOf(manifest.plan).value().marginals[i].tau;
  }
  EXPECT_EQ(TimesShown(manifest, manifest.plan.k - 1, 4), 0);
  EXPECT_GT(TimesShown(manifest, manifest.plan.k, 5), 0);
}

}  // namespace
}  // namespace commonwage
