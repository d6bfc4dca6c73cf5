// SPDX-License-Identifier: Apache-2.0
// Subset and superset: a cell is the difference of its parent and its siblings,
// over marginals, and of two rounds. Whoever knows everybody but the victim
// must not do better than the odds that the plan states: on the raw release,
// and through every door that figures come out of.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/best_guess.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "survey/manifest.h"
#include "survey/release.h"
#include "tests/attacks/victim_world.h"
#include "tests/statistical/faulty_steps.h"
#include "tests/testing/seeded_random.h"

namespace commonwage {
namespace {

constexpr int kTrials = 4'000;

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
  const privacy::noise::Tally with = testing::VictimWorld(manifest.plan, true);
  const privacy::noise::Tally without =
      testing::VictimWorld(manifest.plan, false);
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
double MostAllowed(const Plan& plan, int64_t rounds) {
  const privacy::PlanLoss loss = privacy::LossOf(plan).value();
  return static_cast<double>(
             privacy::BestGuessOf(plan, loss, rounds).took_part) /
             1e4 +
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

  // What a build without noise would publish.
  Publisher Exact() {
    return [this](const privacy::noise::Tally& tally) {
      return testing::WithoutNoise(Honest()(tally), manifest_.plan, tally);
    };
  }

  // What a build with "sticky" noise would publish: the same for the same cell,
  // whatever is in it.
  Publisher Sticky() {
    const auto publish = testing::PublisherBy<testing::ReusedNoise>();
    return [this, publish](const privacy::noise::Tally& tally) {
      return publish(manifest_, tally, random_);
    };
  }

  const Manifest manifest_ = testing::VictimManifest();
  testing::SeededRandom random_{17};
};

TEST_F(DifferencingTest, OverMarginalsOfOneRoundGainsNoMoreThanStated) {
  EXPECT_LE(GuessesRight(manifest_, 1, Honest()),
            MostAllowed(manifest_.plan, 1));
}

TEST_F(DifferencingTest, OverFourRoundsGainsNoMoreThanFourTimesTheLoss) {
  const double right = GuessesRight(manifest_, 4, Honest());
  EXPECT_LE(right, MostAllowed(manifest_.plan, 4));
  // More rounds do tell more; that is why the ledger adds them up.
  EXPECT_GT(right, GuessesRight(manifest_, 1, Honest()));
}

TEST_F(DifferencingTest, WithoutNoiseTheVictimIsPlainToSee) {
  EXPECT_EQ(GuessesRight(manifest_, 1, Exact()), 1.0);
  EXPECT_GT(1.0, MostAllowed(manifest_.plan, 1));
}

// A round without and a round with the victim, or without again: noise that is
// drawn afresh hides who came; noise that stays takes itself away.
TEST_F(DifferencingTest, ANewDrawAfterAWithdrawalTellsNoMoreThanItsLoss) {
  const privacy::noise::Tally with = testing::VictimWorld(manifest_.plan, true);
  const privacy::noise::Tally without =
      testing::VictimWorld(manifest_.plan, false);
  const auto right = [&](const Publisher& publish) {
    int guessed = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const bool stayed = trial % 2 == 0;
      const auto before = (*publish(with).marginals[0].cells[0])[0];
      const auto after =
          (*publish(stayed ? with : without).marginals[0].cells[0])[0];
      guessed += (after - before > -1) == stayed ? 1 : 0;
    }
    return static_cast<double>(guessed) / kTrials;
  };
  EXPECT_LE(right(Honest()), MostAllowed(manifest_.plan, 1));
  EXPECT_EQ(right(Sticky()), 1.0);
}

}  // namespace
}  // namespace commonwage
