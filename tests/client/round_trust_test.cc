// SPDX-License-Identifier: Apache-2.0
#include "client/round_trust.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/round_record.h"
#include "client/submission.h"
#include "client/survey_record.h"
#include "crypto/fingerprint.h"
#include "survey/domain_labels.h"
#include "tests/client/made_round.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::SignWith;
using ::testing::HasSubstr;

class RoundTrustTest : public ::testing::Test {
 protected:
  // Shows the round with a manifest changed and signed anew by its own key.
  v1::Round WithManifest(const Manifest& manifest) const {
    v1::Round shown = shown_;
    const std::string bytes = WriteManifest(manifest);
    shown.mutable_signed_manifest()->set_manifest(bytes);
    *shown.mutable_signed_manifest()->mutable_signatures(0) =
        SignWith(round_.survey_key, kManifestSignatureLabel, bytes);
    return shown;
  }

  const MadeRound round_ = MakeRound();
  const MadeRound stranger_ = MakeRound({.seed = 99});
  const std::string id_ = round_.Id();
  v1::Round shown_ = round_.ToProto(v1::ROUND_STATE_OPEN);
};

TEST_F(RoundTrustTest, AGenuineRoundIsTrustedOnFirstUse) {
  const auto trusted = CheckRound(shown_, id_, {});
  ASSERT_OK(trusted);
  EXPECT_EQ(trusted->id, id_);
  EXPECT_EQ(trusted->state, v1::ROUND_STATE_OPEN);
  EXPECT_EQ(trusted->manifest, round_.manifest);
  EXPECT_EQ(trusted->manifest_hash, round_.manifest_hash);
  EXPECT_EQ(trusted->survey_key, round_.survey_key.verify_key());
  EXPECT_EQ(trusted->receipt_key, round_.receipt_key.verify_key());
}

TEST_F(RoundTrustTest, AManifestWithOneByteChangedIsRefused) {
  std::string& bytes = *shown_.mutable_signed_manifest()->mutable_manifest();
  for (size_t i = 0; i < bytes.size(); i += 17) {
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    EXPECT_THAT(CheckRound(shown_, id_, {}),
                HasReason(Reason::kStewardSignatureRefused));
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
  }
  EXPECT_OK(CheckRound(shown_, id_, {}));
}

// Who answered by the round's own rules can take the answer back, whatever an
// invitation to later rounds says.
TEST_F(RoundTrustTest, ALaterInvitationDoesNotKeepAnAnswerFromBeingTakenBack) {
  TrustAnchors anchors;
  anchors.survey_key = round_.survey_key.verify_key();
  Invitation& invitation = anchors.invitation.emplace();
  invitation.survey = round_.manifest.plan.survey;
  invitation.survey_key = crypto::Fingerprint(round_.survey_key.verify_key());
  invitation.admission = Admission::kCredential;
  EXPECT_THAT(CheckRound(shown_, id_, anchors),
              HasReason(Reason::kAdmissionDiffers));
  anchors.answered = true;
  EXPECT_OK(CheckRound(shown_, id_, anchors));
}

TEST_F(RoundTrustTest, AnUnsignedManifestIsRefused) {
  shown_.mutable_signed_manifest()->clear_signatures();
  EXPECT_THAT(CheckRound(shown_, id_, {}),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(RoundTrustTest, AChangedSurveyKeyIsRefusedAndBothAreShownAsWords) {
  TrustAnchors anchors;
  anchors.survey_key = round_.survey_key.verify_key();
  EXPECT_OK(CheckRound(shown_, id_, anchors));
  const v1::Round other = stranger_.ToProto(v1::ROUND_STATE_OPEN);
  const auto refused = CheckRound(other, id_, anchors);
  EXPECT_THAT(refused, HasReason(Reason::kSurveyKeyChanged));
  EXPECT_THAT(
      std::string(refused.status().message()),
      HasSubstr(crypto::FingerprintWords(round_.survey_key.verify_key())));
  EXPECT_THAT(
      std::string(refused.status().message()),
      HasSubstr(crypto::FingerprintWords(stranger_.survey_key.verify_key())));
}

TEST_F(RoundTrustTest, OfSeveralSignaturesThePinnedKeysOneCounts) {
  v1::SignedManifest& manifest = *shown_.mutable_signed_manifest();
  *manifest.add_signatures() = SignWith(
      stranger_.survey_key, kManifestSignatureLabel, manifest.manifest());
  manifest.mutable_signatures()->SwapElements(0, 1);
  TrustAnchors anchors;
  anchors.survey_key = round_.survey_key.verify_key();
  const auto trusted = CheckRound(shown_, id_, anchors);
  ASSERT_OK(trusted);
  EXPECT_EQ(trusted->survey_key, round_.survey_key.verify_key());
}

// The known key's own signature holds, and the one beside it does not.
TEST_F(RoundTrustTest, OneGoodAndOneBadSignatureAreNobodysWord) {
  TrustAnchors anchors;
  anchors.survey_key = round_.survey_key.verify_key();
  v1::SignedManifest& manifest = *shown_.mutable_signed_manifest();
  *manifest.add_signatures() = SignWith(
      stranger_.survey_key, kManifestSignatureLabel, manifest.manifest());
  ASSERT_OK(CheckRound(shown_, id_, anchors));
  manifest.mutable_signatures(1)->mutable_signature()->front() ^= 1;
  EXPECT_THAT(CheckRound(shown_, id_, anchors),
              HasReason(Reason::kStewardSignatureRefused));
  manifest.mutable_signatures()->SwapElements(0, 1);
  EXPECT_THAT(CheckRound(shown_, id_, anchors),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(RoundTrustTest, ACancellationWithOneBadSignatureCallsNothingOff) {
  v1::Round called_off = round_.CalledOff();
  ASSERT_EQ(CheckRound(called_off, id_, {})->state, v1::ROUND_STATE_CANCELLED);
  v1::SignedCancellation& cancellation = *called_off.mutable_cancellation();
  *cancellation.add_signatures() =
      SignWith(stranger_.survey_key, kCancellationSignatureLabel, "another");
  EXPECT_THAT(CheckRound(called_off, id_, {}),
              HasReason(Reason::kCancellationRefused));
}

TEST_F(RoundTrustTest, TheFingerprintThatTheUnionPrintedDecides) {
  TrustAnchors anchors;
  anchors.survey_key_fingerprint =
      crypto::Fingerprint(round_.survey_key.verify_key());
  EXPECT_OK(CheckRound(shown_, id_, anchors));
  anchors.survey_key_fingerprint =
      crypto::FingerprintWords(round_.survey_key.verify_key());
  EXPECT_OK(CheckRound(shown_, id_, anchors));
  anchors.survey_key_fingerprint =
      crypto::Fingerprint(stranger_.survey_key.verify_key());
  EXPECT_THAT(CheckRound(shown_, id_, anchors),
              HasReason(Reason::kSurveyKeyDiffers));
  anchors.survey_key_fingerprint = "not a fingerprint";
  EXPECT_THAT(CheckRound(shown_, id_, anchors),
              HasReason(Reason::kFingerprintMalformed));
}

TEST_F(RoundTrustTest, ATypedFingerprintDoesNotReplaceAPinnedKey) {
  *shown_.mutable_signed_manifest()->add_signatures() =
      SignWith(stranger_.survey_key, kManifestSignatureLabel,
               shown_.signed_manifest().manifest());
  TrustAnchors anchors;
  anchors.survey_key = round_.survey_key.verify_key();
  anchors.survey_key_fingerprint =
      crypto::Fingerprint(stranger_.survey_key.verify_key());
  EXPECT_THAT(CheckRound(shown_, id_, anchors),
              HasReason(Reason::kSurveyKeyDiffers));
}

TEST_F(RoundTrustTest, ASecondManifestForTheSameRoundIsRefused) {
  TrustAnchors anchors;
  anchors.manifest_hash = round_.manifest_hash;
  EXPECT_OK(CheckRound(shown_, id_, anchors));
  Manifest other = round_.manifest;
  other.code_version = "another";
  EXPECT_THAT(CheckRound(WithManifest(other), id_, anchors),
              HasReason(Reason::kManifestChanged));
}

// A server that brings a key of its own has no way to name it.
TEST_F(RoundTrustTest, TheReceiptKeyIsTheOneThatTheSignedRulesName) {
  Manifest other = round_.manifest;
  other.operator_public_key =
      std::string(stranger_.receipt_key.verify_key().view());
  const auto trusted = CheckRound(WithManifest(other), id_, {});
  ASSERT_OK(trusted);
  EXPECT_EQ(trusted->receipt_key, stranger_.receipt_key.verify_key());

  shown_.mutable_signed_manifest()->set_manifest(WriteManifest(other));
  EXPECT_THAT(CheckRound(shown_, id_, {}),
              HasReason(Reason::kStewardSignatureRefused));
  TrustAnchors anchors;
  anchors.manifest_hash = round_.manifest_hash;
  EXPECT_THAT(CheckRound(WithManifest(other), id_, anchors),
              HasReason(Reason::kManifestChanged));
}

TEST_F(RoundTrustTest, AnotherRoundThanTheOneAskedForIsRefused) {
  EXPECT_THAT(CheckRound(shown_, "couriers.2026-q2", {}),
              HasReason(Reason::kAnotherRound));
}

TEST_F(RoundTrustTest, RulesThatWithholdLessThanTheyPromiseAreRefused) {
  Manifest weak = round_.manifest;
  --weak.taus[0];
  EXPECT_THAT(CheckRound(WithManifest(weak), id_, {}),
              HasReason(Reason::kTauTooSmall));
}

// IDs may hold dots: "pay.night.2026" can be of "pay" and of "pay.night".
TEST(AnchorsTest, TheLongestSurveyThatARoundCanBeOfIsMeant) {
  const auto key = [](char c) {
    return *crypto::VerifyKey::From(std::string(crypto::VerifyKey::kSize, c));
  };
  for (const bool longer_first : {true, false}) {
    WalletRecords records;
    GetOrAddSurvey(records, longer_first ? "pay.night" : "pay",
                   key(longer_first ? 'n' : 'p'));
    GetOrAddSurvey(records, longer_first ? "pay" : "pay.night",
                   key(longer_first ? 'p' : 'n'));
    GetOrAddSurvey(records, "pa", key('x'));
    EXPECT_EQ(AnchorsOf(records, "pay.night.2026", "").survey_key, key('n'));
    EXPECT_EQ(AnchorsOf(records, "pay.nights.2026", "").survey_key, key('p'));
    EXPECT_FALSE(AnchorsOf(records, "par.2026", "").survey_key.has_value());
  }
}

}  // namespace
}  // namespace commonwage::client
