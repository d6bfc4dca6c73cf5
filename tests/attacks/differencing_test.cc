// SPDX-License-Identifier: Apache-2.0
// Subset and superset: a cell is the difference of its parent and its siblings,
// over marginals, and of two rounds. Whoever knows everybody but the victim
// must not do better than the odds that the plan states.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "survey/cells.h"
#include "survey/manifest.h"
#include "survey/plan.h"
#include "survey/plan_json.h"
#include "survey/release.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

constexpr int kTrials = 4'000;
constexpr int kOthers = 400;  // In each cell but the victim's.

Manifest SampleManifest() {
  Manifest manifest;
  manifest.plan = ParsePlan(testing::SamplePlanJson()).value();
  const privacy::PlanLoss loss = privacy::LossOf(manifest.plan).value();
  for (const privacy::MarginalLoss& marginal : loss.marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  return manifest;
}

// Everybody else, and the victim alone in platform 0, region 0, if present.
privacy::noise::Tally World(const Plan& plan, bool with_victim) {
  privacy::noise::Tally tally(plan);
  for (uint16_t platform = 0; platform < 4; ++platform) {
    for (uint16_t region = 0; region < 3; ++region) {
      const int people = platform == 0 && region == 0 ? 0 : kOthers;
      for (int i = 0; i < people; ++i) {
        EXPECT_OK(tally.Add({{platform, region}, {1000 + i}}));
      }
    }
  }
  if (with_victim) {
    EXPECT_OK(tally.Add({{0, 0}, {1234}}));
  }
  return tally;
}

using Publisher = std::function<Release(const privacy::noise::Tally&)>;

// Parent minus siblings: what is left for the victim's withheld cell.
double LeftForVictim(const Release& release) {
  auto left = static_cast<double>((*release.marginals[0].cells[0])[0]);
  for (size_t region = 1; region < 3; ++region) {
    left -= static_cast<double>((*release.marginals[1].cells[region])[0]);
  }
  return left;
}

// How often the guess "there, if more than half a person is left" is right, on
// the mean over `rounds` releases of the same people.
double GuessesRight(const Manifest& manifest, int rounds,
                    const Publisher& publish) {
  const privacy::noise::Tally with = World(manifest.plan, true);
  const privacy::noise::Tally without = World(manifest.plan, false);
  int right = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const bool there = trial % 2 == 0;
    double left = 0;
    for (int i = 0; i < rounds; ++i) {
      const Release release = publish(there ? with : without);
      EXPECT_FALSE(release.marginals[1].cells[0].has_value());
      left += LeftForVictim(release) / rounds;
    }
    right += (left > 0.5) == there ? 1 : 0;
  }
  return static_cast<double>(right) / kTrials;
}

// Four standard errors above what the loss allows: false alarm 3e-5.
double MostAllowed(const privacy::PlanLoss& loss, int64_t rounds) {
  return static_cast<double>(privacy::BestGuessOf(loss, rounds)) +
         4 * 0.5 / std::sqrt(kTrials);
}

class DifferencingTest : public ::testing::Test {
 protected:
  Publisher Honest() {
    return [this](const privacy::noise::Tally& tally) {
      return privacy::noise::DrawRelease(manifest_, ManifestHash(), tally,
                                         false, "test", random_)
          .value();
    };
  }

  const Manifest manifest_ = SampleManifest();
  const privacy::PlanLoss loss_ = privacy::LossOf(manifest_.plan).value();
  testing::SeededRandom random_{17};
};

TEST_F(DifferencingTest, OverMarginalsOfOneRoundGainsNoMoreThanStated) {
  EXPECT_LE(GuessesRight(manifest_, 1, Honest()), MostAllowed(loss_, 1));
}

TEST_F(DifferencingTest, OverFourRoundsGainsNoMoreThanFourTimesTheLoss) {
  const double right = GuessesRight(manifest_, 4, Honest());
  EXPECT_LE(right, MostAllowed(loss_, 4));
  // More rounds do tell more; that is why the ledger adds them up.
  EXPECT_GT(right, GuessesRight(manifest_, 1, Honest()));
}

TEST_F(DifferencingTest, WithoutNoiseTheVictimIsPlainToSee) {
  const Publisher exact = [this](const privacy::noise::Tally& tally) {
    Release release = Honest()(tally);
    for (size_t m = 0; m < release.marginals.size(); ++m) {
      for (size_t cell = 0; cell < release.marginals[m].cells.size(); ++cell) {
        auto& nodes = release.marginals[m].cells[cell];
        if (nodes.has_value()) {
          const auto bins = tally.BinCounts(m, cell);
          (*nodes)[0] = 0;
          for (const int64_t count : bins) {
            (*nodes)[0] += count;
          }
        }
      }
    }
    return release;
  };
  EXPECT_EQ(GuessesRight(manifest_, 1, exact), 1.0);
  EXPECT_GT(1.0, MostAllowed(loss_, 1));
}

}  // namespace
}  // namespace commonwage
