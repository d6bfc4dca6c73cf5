// SPDX-License-Identifier: Apache-2.0
#include "client/submission.h"

#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/opening/opening_key.h"
#include "survey/domain_labels.h"
#include "tests/client/made_round.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::SeededRandom;

class SubmissionTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Open(const std::string& frame) const {
    const auto view = FrameView::Parse(frame);
    return crypto::opening::Open(
        round_.opening_key, view->enc(),
        absl::StrCat(kSealLabel, round_.manifest_hash.view()), view->aad(),
        view->ciphertext());
  }

  SeededRandom random_{7};
  const MadeRound round_ = MakeRound();
  const SealingTerms terms_ =
      MakeSealingTerms(round_.manifest, round_.manifest_hash);
  const crypto::Secret<32> seed_ = crypto::Secret<32>::Random(random_);
  const crypto::SigningKey key_ =
      DerivePseudonymKey(seed_, round_.manifest_hash);
  const Answer answer_ = {{2, 1}, {1350}};
};

TEST_F(SubmissionTest, OnlyTheHolderOfTheRoundKeyReadsTheAnswer) {
  const auto frame = BuildFrame(terms_, key_, {}, answer_, random_);
  ASSERT_OK(frame);
  const auto opened = Open(*frame);
  ASSERT_OK(opened);
  EXPECT_EQ(*DecodeAnswer(*opened, round_.manifest.plan), answer_);
  EXPECT_EQ(frame->find(EncodeAnswer(answer_)), std::string::npos);
}

TEST_F(SubmissionTest, AFrameCarriesWhatTheCollectorChecks) {
  const std::string credential(kCredentialSize, 'c');
  const auto frame = BuildFrame(
      terms_, key_, {Operation::kAmend, 3, credential}, answer_, random_);
  ASSERT_OK(frame);
  const auto view = FrameView::Parse(*frame);
  ASSERT_OK(view);
  EXPECT_EQ(view->header().operation, Operation::kAmend);
  EXPECT_EQ(view->header().sequence, 3U);
  EXPECT_EQ(view->header().manifest_hash, round_.manifest_hash);
  EXPECT_EQ(view->header().pseudonym, PseudonymOf(key_));
  EXPECT_EQ(view->header().credential, credential);
  EXPECT_TRUE(crypto::Verify(key_.verify_key(), kFrameSignatureLabel,
                             view->signed_bytes(),
                             *crypto::Signature::From(view->signature())));
}

TEST_F(SubmissionTest, SubmitAmendAndWithdrawHaveTheSameLength) {
  EXPECT_EQ(BuildFrame(terms_, key_, {}, answer_, random_)->size(), kFrameSize);
  EXPECT_EQ(
      BuildFrame(terms_, key_, {Operation::kAmend, 1, {}}, answer_, random_)
          ->size(),
      kFrameSize);
  const auto withdrawal =
      BuildWithdrawal(terms_, key_, {Operation::kWithdraw, 2, {}}, random_);
  ASSERT_OK(withdrawal);
  EXPECT_EQ(withdrawal->size(), kFrameSize);
  EXPECT_EQ(*Open(*withdrawal), std::string(kAnswerSize, '\0'));
}

TEST_F(SubmissionTest, TheSameAnswerTwiceLooksDifferent) {
  EXPECT_NE(*BuildFrame(terms_, key_, {}, answer_, random_),
            *BuildFrame(terms_, key_, {}, answer_, random_));
}

TEST_F(SubmissionTest, PseudonymsOfTwoRoundsHaveNothingInCommon) {
  const MadeRound other = MakeRound({.round = "2026-q2"});
  EXPECT_EQ(PseudonymOf(DerivePseudonymKey(seed_, round_.manifest_hash)),
            PseudonymOf(key_));
  EXPECT_NE(PseudonymOf(DerivePseudonymKey(seed_, other.manifest_hash)),
            PseudonymOf(key_));
}

TEST_F(SubmissionTest, UnderOtherRulesAnAnswerDoesNotOpen) {
  const MadeRound other = MakeRound({.round = "2026-q2"});
  SealingTerms mixed = terms_;
  mixed.manifest_hash = other.manifest_hash;
  const auto frame = BuildFrame(mixed, key_, {}, answer_, random_);
  ASSERT_OK(frame);
  EXPECT_THAT(Open(*frame), HasReason(Reason::kSealBroken));
}

TEST_F(SubmissionTest, ARoundKeyThatSealsToEverybodyIsRefused) {
  SealingTerms terms = terms_;
  terms.round_key = crypto::SealingKey();
  EXPECT_THAT(BuildFrame(terms, key_, {}, answer_, random_),
              HasReason(Reason::kSealingKeyUnusable));
}

}  // namespace
}  // namespace commonwage::client
