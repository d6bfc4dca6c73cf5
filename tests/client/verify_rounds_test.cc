// SPDX-License-Identifier: Apache-2.0
// A verifier who was handed several rounds of a survey, by whomever.
#include "client/verify/verify_rounds.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/verify/verify.h"
#include "crypto/fingerprint.h"
#include "privacy/plan_loss.h"
#include "tests/client/made_release.h"
#include "tests/client/made_round.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::DrawMadeRelease;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::SignRelease;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int64_t kCap = 1'600'000;  // The sample plan's.
constexpr int64_t kLoss = 285'000;   // Of one of its rounds.
constexpr absl::Duration kLater = absl::Hours(24 * 90);

class VerifyRoundsTest : public ::testing::Test {
 protected:
  // A round whose release was never shown.
  static artefacts::RoundFiles Alone(const MadeRound& round) {
    artefacts::RoundFiles files;
    files.manifest = round.ToProto(v1::ROUND_STATE_CREATED).signed_manifest();
    return files;
  }
  static artefacts::RoundFiles CalledOff(const MadeRound& round) {
    artefacts::RoundFiles files = Alone(round);
    files.cancellation = round.Cancellation();
    return files;
  }
  static artefacts::RoundFiles WithRelease(const MadeRound& round,
                                           const Release& release) {
    artefacts::RoundFiles files;
    files.release = SignRelease(release, round);
    files.manifest = files.release->manifest();
    return files;
  }

  RoundsTogether Together(
      const std::vector<artefacts::RoundFiles>& rounds) const {
    std::vector<CountedRound> counted;
    for (const artefacts::RoundFiles& files : rounds) {
      const auto round = CountRound(files, fingerprint_);
      EXPECT_OK(round);
      counted.push_back(*round);
    }
    return HoldRoundsTogether(counted);
  }

  const MadeRound first_ = MakeRound();
  const std::string fingerprint_ =
      crypto::Fingerprint(first_.survey_key.verify_key());
};

TEST_F(VerifyRoundsTest, TheRoundsAreAddedUpAndWhatIsLeftIsSaid) {
  const MadeRound second = MakeRound({.round = "2026-q2", .later = kLater});
  const RoundsTogether together =
      Together({Alone(second), WithRelease(first_, DrawMadeRelease(first_)),
                Alone(first_)});
  EXPECT_OK(together.verdict);
  ASSERT_THAT(together.accounts, SizeIs(1));
  const privacy::SurveyLedger& ledger = together.accounts[0].ledger;
  EXPECT_EQ(ledger.survey, "couriers");
  EXPECT_EQ(ledger.cap_micro_rho, kCap);
  EXPECT_EQ(ledger.spent_micro_rho, 2 * kLoss);
  EXPECT_EQ(ledger.left_micro_rho, kCap - 2 * kLoss);
  EXPECT_THAT(ledger.entries, SizeIs(2));
  const double one = static_cast<double>(
      privacy::LossOf(first_.manifest.plan)->threshold_delta);
  EXPECT_NEAR(together.accounts[0].threshold_delta, 2 * one, one * 1e-3);
}

TEST_F(VerifyRoundsTest, ASumOverTheCapIsRefusedThoughOneRoundWasNeverShown) {
  const MadeRound second = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = 2 * kLoss - 1});
  const RoundsTogether together =
      Together({WithRelease(first_, DrawMadeRelease(first_)), Alone(second)});
  EXPECT_THAT(together.verdict, HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(std::string(together.verdict.message()),
              HasSubstr(std::to_string(2 * kLoss)));
  EXPECT_EQ(together.accounts[0].ledger.left_micro_rho, 0);
}

TEST_F(VerifyRoundsTest, ARaisedCapIsRefused) {
  const MadeRound second = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = kCap + 1});
  const RoundsTogether together = Together({Alone(second), Alone(first_)});
  EXPECT_THAT(together.verdict, HasReason(Reason::kPrivacyCapRaised));
  EXPECT_THAT(std::string(together.verdict.message()),
              HasSubstr("couriers.2026-q2"));
}

TEST_F(VerifyRoundsTest, TwoManifestsOfOneRoundAreRefused) {
  const MadeRound other = MakeRound({.cap_micro_rho = kCap - 1});
  EXPECT_THAT(Together({Alone(first_), Alone(other)}).verdict,
              HasReason(Reason::kTwoManifests));
}

TEST_F(VerifyRoundsTest, TwoReleasesOfOneManifestAreRefused) {
  const Release release = DrawMadeRelease(first_);
  Release again = release;
  again.code_version = "later";
  EXPECT_OK(
      Together({WithRelease(first_, release), WithRelease(first_, release)})
          .verdict);
  EXPECT_THAT(
      Together({WithRelease(first_, release), WithRelease(first_, again)})
          .verdict,
      HasReason(Reason::kTwoReleases));
}

TEST_F(VerifyRoundsTest, ACancelledRoundCostsNothingWhereItsWordIsShown) {
  const MadeRound second = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = 2 * kLoss - 1});
  const RoundsTogether together =
      Together({CalledOff(first_), Alone(first_), Alone(second)});
  EXPECT_OK(together.verdict);
  EXPECT_EQ(together.accounts[0].ledger.spent_micro_rho, kLoss);
  EXPECT_TRUE(together.accounts[0].cancelled.contains(first_.manifest_hash));
  const double one = static_cast<double>(
      privacy::LossOf(second.manifest.plan)->threshold_delta);
  EXPECT_NEAR(together.accounts[0].threshold_delta, one, one * 1e-3);
}

TEST_F(VerifyRoundsTest, AReleaseBeatsACancellationAndItsLossCounts) {
  const RoundsTogether together = Together(
      {CalledOff(first_), WithRelease(first_, DrawMadeRelease(first_))});
  EXPECT_THAT(together.verdict, HasReason(Reason::kReleasedAndCancelled));
  EXPECT_EQ(together.accounts[0].ledger.spent_micro_rho, kLoss);
  EXPECT_TRUE(together.accounts[0].cancelled.empty());
}

TEST_F(VerifyRoundsTest, AForgedCancellationTakesNothingOff) {
  const MadeRound second = MakeRound({.round = "2026-q2", .later = kLater});
  std::vector<std::string> checks;
  for (const v1::SignedCancellation& forged :
       {MakeRound({.seed = 99}).Cancellation(), second.Cancellation()}) {
    artefacts::RoundFiles files = Alone(first_);
    files.cancellation = forged;
    EXPECT_EQ(Together({files}).accounts[0].ledger.spent_micro_rho, kLoss);
    EXPECT_FALSE(
        VerifyCancellation(forged, files.manifest, fingerprint_, checks).ok());
  }
  EXPECT_TRUE(checks.empty());
  EXPECT_OK(VerifyCancellation(first_.Cancellation(), Alone(first_).manifest,
                               fingerprint_, checks));
}

TEST_F(VerifyRoundsTest, ARoundCountsWhateverElseIsWrongWithIt) {
  artefacts::RoundFiles damaged = WithRelease(first_, DrawMadeRelease(first_));
  damaged.release->set_release("zanzibar");
  EXPECT_EQ(CountRound(damaged, fingerprint_)->entry.loss_micro_rho, kLoss);
  EXPECT_EQ(CountRound(Alone(MakeRound({.cap_micro_rho = 1})), fingerprint_)
                ->entry.loss_micro_rho,
            kLoss);
}

TEST_F(VerifyRoundsTest, WhatAnotherKeySignedIsNotCounted) {
  EXPECT_THAT(CountRound(Alone(MakeRound({.seed = 99})), fingerprint_),
              HasReason(Reason::kSurveyKeyDiffers));
  artefacts::RoundFiles unsigned_files = Alone(first_);
  unsigned_files.manifest.clear_signatures();
  EXPECT_THAT(CountRound(unsigned_files, fingerprint_),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(VerifyRoundsTest, AManifestAloneIsVerifiedAndItsLossStated) {
  std::vector<std::string> checks;
  ASSERT_OK(VerifyManifest(Alone(first_).manifest, fingerprint_, checks));
  EXPECT_THAT(checks, ::testing::Contains(HasSubstr("285000 micro-rho")));
  EXPECT_THAT(VerifyManifest(Alone(MakeRound({.cap_micro_rho = 1})).manifest,
                             fingerprint_, checks),
              HasReason(Reason::kPlanFaulty));
}

}  // namespace
}  // namespace commonwage::client
