// SPDX-License-Identifier: Apache-2.0
// The best guess about one person is right as often as the odds state, for both
// questions, and the audit notices odds that are stated too low.
#include "tests/statistical/odds_audit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/best_guess.h"
#include "privacy/noise/release_round.h"
#include "privacy/plan_loss.h"
#include "tests/statistical/audit.h"
#include "tests/statistical/faulty_steps.h"
#include "tests/testing/best_guess_among.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::testing {
namespace {

using privacy::BestGuess;
using privacy::Exposure;
using ::testing::IsEmpty;
using ::testing::Not;

// Whoever changes from the one to the other changes the cell of every marginal
// of AuditManifest, and the bin.
const Answer kHere = {{0, 0}, {500}};
const Answer kElsewhere = {{1, 1}, {1700}};
// In the same cells, in bins that meet at the root only.
const Answer kHerePaidMore = {{0, 0}, {1700}};

Release Publish(const Manifest& manifest, const privacy::noise::Tally& tally,
                RandomSource& random) {
  auto release = privacy::noise::DrawRelease(manifest, ManifestHash(), tally,
                                             false, "test", random);
  EXPECT_OK(release);
  return *release;
}

BestGuess StatedOdds(const Manifest& manifest, int64_t rounds = 1) {
  const auto loss = privacy::LossOf(manifest.plan);
  EXPECT_OK(loss);
  return privacy::BestGuessOf(manifest.plan, *loss, rounds);
}

// The odds where both answers are in the same cells: no root tells anything.
int64_t OddsInTheSameCells(const Manifest& manifest) {
  Exposure::Nodes nodes;
  for (const Marginal& marginal : manifest.plan.marginals) {
    const auto& losses = marginal.micro_loss_per_level;
    for (size_t level = 1; level < losses.size(); ++level) {
      nodes[{marginal.mechanism, losses[level]}] += 2;
    }
  }
  return BestGuessAmong(nodes);
}

// One table with almost no noise: what one node of sigma^2 = 0.48 tells.
Manifest LoudManifest() {
  Manifest manifest = AuditManifest();
  Plan& plan = manifest.plan;
  plan.marginals.resize(1);
  plan.marginals[0].fanouts = {8};
  plan.marginals[0].micro_loss_per_level = {1048576, 1};
  manifest.taus = {privacy::LossOf(plan)->marginals[0].tau};
  return manifest;
}

class OddsAuditTest : public ::testing::Test {
 protected:
  const Manifest manifest_ = AuditManifest();
  const BestGuess stated_ = StatedOdds(manifest_);
};

TEST_F(OddsAuditTest, WhoTookPartIsGuessedAsOftenAsStated) {
  EXPECT_THAT(AuditOdds(Publish, TookPart(manifest_, kHere), stated_.took_part),
              IsEmpty());
}

TEST_F(OddsAuditTest, WhichAnswerInAnotherCellIsGuessedAsOftenAsStated) {
  EXPECT_THAT(AuditOdds(Publish, WhichAnswer(manifest_, kHere, kElsewhere),
                        stated_.which_answer),
              IsEmpty());
}

TEST_F(OddsAuditTest, WhichAnswerInTheSameCellIsGuessedLessOftenThanStated) {
  const int64_t odds = OddsInTheSameCells(manifest_);
  EXPECT_LT(odds, stated_.which_answer);
  EXPECT_THAT(
      AuditOdds(Publish, WhichAnswer(manifest_, kHere, kHerePaidMore), odds),
      IsEmpty());
}

TEST_F(OddsAuditTest, OddsOfTakingPartStatedForTheAnswerAreNoticed) {
  EXPECT_THAT(AuditOdds(Publish, WhichAnswer(manifest_, kHere, kElsewhere),
                        stated_.took_part),
              Not(IsEmpty()));
  EXPECT_THAT(AuditOdds(Publish, WhichAnswer(manifest_, kHere, kHerePaidMore),
                        stated_.took_part),
              Not(IsEmpty()));
}

TEST_F(OddsAuditTest, RoundsAddUpAsStatedForBothQuestions) {
  const BestGuess stated = StatedOdds(manifest_, 3);
  OddsGame took_part = TookPart(manifest_, kHere);
  OddsGame which_answer = WhichAnswer(manifest_, kHere, kElsewhere);
  took_part.rounds = 3;
  which_answer.rounds = 3;
  EXPECT_THAT(AuditOdds(Publish, took_part, stated.took_part), IsEmpty());
  EXPECT_THAT(AuditOdds(Publish, which_answer, stated.which_answer), IsEmpty());
}

TEST_F(OddsAuditTest, UnderLittleNoiseTheContinuousFormulaIsNoticed) {
  const Manifest manifest = LoudManifest();
  const OddsGame game = TookPart(manifest, kHere);
  const BestGuess stated = StatedOdds(manifest);
  EXPECT_THAT(AuditOdds(Publish, game, stated.took_part), IsEmpty());
  EXPECT_THAT(AuditOdds(Publish, WhichAnswer(manifest, kHere, kElsewhere),
                        stated.which_answer),
              IsEmpty());
  // Phi(sqrt(rho / 2)), which the noise of real numbers would give.
  const double continuous = std::erfc(-std::sqrt(1.048577) / 2) / 2;
  EXPECT_THAT(AuditOdds(Publish, game, std::llround(1e4 * continuous)),
              Not(IsEmpty()));
}

TEST_F(OddsAuditTest, TooLittleNoiseIsNoticedByEitherQuestion) {
  EXPECT_THAT(AuditOdds(PublisherBy<SigmaForSigmaSquared>(),
                        TookPart(manifest_, kHere), stated_.took_part),
              Not(IsEmpty()));
  EXPECT_THAT(AuditOdds(PublisherBy<SigmaForSigmaSquared>(),
                        WhichAnswer(manifest_, kHere, kElsewhere),
                        stated_.which_answer),
              Not(IsEmpty()));
}

}  // namespace
}  // namespace commonwage::testing
