// SPDX-License-Identifier: Apache-2.0
#include "client/round_trust.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "artefacts/artefact_hash.h"
#include "artefacts/signed_cancellation.h"
#include "artefacts/signers.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "client/seen_rounds.h"
#include "crypto/fingerprint.h"
#include "privacy/plan_loss.h"
#include "survey/cancellation.h"
#include "survey/domain_labels.h"
#include "survey/plan/plan.h"
#include "survey/timestamp.h"

namespace commonwage::client {
namespace {

absl::Status KeyChanged(const crypto::VerifyKey& known,
                        const crypto::VerifyKey& shown) {
  return Refusal(
      Reason::kSurveyKeyChanged,
      absl::StrCat("This survey is signed by another key than before. "
                   "Nothing was sent. Ask the union in person before you "
                   "go on. The key that this wallet knows: ",
                   crypto::FingerprintWords(known), ". The key shown now: ",
                   crypto::FingerprintWords(shown), "."));
}

// Whether `key` is the one of the person's invitation, if there is one.
absl::Status CheckInvited(const crypto::VerifyKey& key,
                          const TrustAnchors& anchors) {
  return !anchors.invitation.has_value() ||
                 crypto::Fingerprint(key) == anchors.invitation->survey_key
             ? absl::OkStatus()
             : Refusal(Reason::kSurveyKeyDiffers,
                       "The server shows a survey that is signed by another "
                       "key than your invitation names: it is not your "
                       "union's. Nothing was sent. Ask the union in person.");
}

// Whether `key` is the one that was typed, if one was.
absl::Status CheckTyped(const crypto::VerifyKey& key,
                        const TrustAnchors& anchors) {
  if (anchors.survey_key_fingerprint.empty()) {
    return absl::OkStatus();
  }
  absl::Status verdict =
      crypto::CheckFingerprint(key, anchors.survey_key_fingerprint);
  const bool is_known =
      anchors.survey_key.has_value() || anchors.invitation.has_value();
  if (ReasonOf(verdict) != Reason::kSurveyKeyDiffers) {
    return verdict;
  }
  return Refusal(Reason::kSurveyKeyDiffers,
                 is_known ? "The fingerprint is not that of the survey key "
                            "that this wallet knows. Nothing was sent."
                          : "The server shows a survey that is signed by "
                            "another key than the one that you gave. Nothing "
                            "was sent. Ask the union in person.");
}

// Returns the signer that everything known speaks for; fails as the last one
// that something speaks against.
absl::StatusOr<crypto::VerifyKey> ChooseSurveyKey(
    const std::vector<crypto::VerifyKey>& signers,
    const TrustAnchors& anchors) {
  if (signers.empty()) {
    return Refusal(Reason::kStewardSignatureRefused,
                   "The rules of this round are not signed as they should be. "
                   "Do not answer; tell the union.");
  }
  if (anchors.survey_key.has_value() &&
      !artefacts::IsAmong(signers, *anchors.survey_key)) {
    return KeyChanged(*anchors.survey_key, signers.front());
  }
  absl::Status verdict;
  for (const crypto::VerifyKey& signer : signers) {
    if (anchors.survey_key.has_value() && *anchors.survey_key != signer) {
      continue;
    }
    verdict = CheckInvited(signer, anchors);
    verdict.Update(CheckTyped(signer, anchors));
    if (verdict.ok()) {
      return signer;
    }
  }
  return verdict;
}

// Whether the round is what the person was invited to.
absl::Status CheckAsInvited(const Manifest& manifest,
                            const TrustAnchors& anchors) {
  if (!anchors.invitation.has_value()) {
    return absl::OkStatus();
  }
  if (manifest.plan.survey != anchors.invitation->survey) {
    return Refusal(Reason::kAnotherSurvey,
                   "This round is of another survey than the one that you "
                   "were invited to. Nothing was sent; tell the union.");
  }
  // An answer can be taken back whatever a later invitation says; its round's
  // rules are pinned since it was given.
  if (anchors.answered || manifest.admission == anchors.invitation->admission) {
    return absl::OkStatus();
  }
  return Refusal(
      Reason::kAdmissionDiffers,
      manifest.admission == Admission::kOpen
          ? "Your invitation says that only members can answer, once each, and "
            "in this round anybody can, more than once. Nothing was sent; tell "
            "the union."
          : "Your invitation says that anybody can answer, and this round is "
            "for members only. Nothing was sent; ask the union for a new "
            "invitation.");
}

absl::Status CheckSeenBefore(const TrustedRound& round,
                             const TrustAnchors& anchors) {
  if (anchors.manifest_hash.has_value() &&
      *anchors.manifest_hash != round.manifest_hash) {
    return Refusal(Reason::kManifestChanged,
                   "The server shows other rules for this round than before. "
                   "Rules cannot change. Nothing was sent; tell the union.");
  }
  return absl::OkStatus();
}

// Sets the state, for which the server's word is not enough where it ends a
// round without a release.
absl::Status TakeState(const v1::Round& shown, TrustedRound& round) {
  round.state = shown.state();
  if (IsReleased(shown.state())) {
    return absl::OkStatus();
  }
  if (!shown.has_cancellation() && shown.state() != v1::ROUND_STATE_CANCELLED) {
    return absl::OkStatus();
  }
  if (!artefacts::CallsOff(shown.cancellation(), round.manifest_hash,
                           round.survey_key)) {
    return Refusal(Reason::kCancellationRefused,
                   "The server says that this round was called off, and the "
                   "survey's key does not. Nothing was sent, and nothing was "
                   "dropped; tell the union.");
  }
  round.state = v1::ROUND_STATE_CANCELLED;
  return absl::OkStatus();
}

}  // namespace

bool KnowSurveyKey(const TrustAnchors& anchors) {
  return anchors.survey_key.has_value() || anchors.invitation.has_value() ||
         !anchors.survey_key_fingerprint.empty();
}

absl::StatusOr<TrustedRound> CheckRound(const v1::Round& round,
                                        absl::string_view round_id,
                                        const TrustAnchors& anchors) {
  TrustedRound trusted;
  trusted.manifest_bytes = round.signed_manifest().manifest();
  // The signature comes first: nothing of an unsigned manifest is read.
  COMMONWAGE_ASSIGN_OR_RETURN(
      trusted.survey_key,
      ChooseSurveyKey(artefacts::VerifySigners(
                          round.signed_manifest().signatures(),
                          kManifestSignatureLabel, trusted.manifest_bytes),
                      anchors));
  COMMONWAGE_ASSIGN_OR_RETURN(trusted.manifest,
                              ParseManifest(trusted.manifest_bytes));
  trusted.manifest_hash = artefacts::HashOfManifest(trusted.manifest_bytes);
  trusted.id = RoundIdOf(trusted.manifest.plan);
  if (trusted.id != round_id) {
    return Refusal(Reason::kAnotherRound,
                   "The server answered with another round than the one asked "
                   "for. Nothing was sent; tell the union.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckAsInvited(trusted.manifest, anchors));
  trusted.receipt_key =
      *crypto::VerifyKey::From(trusted.manifest.operator_public_key);
  COMMONWAGE_RETURN_IF_ERROR(CheckSeenBefore(trusted, anchors));
  COMMONWAGE_RETURN_IF_ERROR(TakeState(round, trusted));
  COMMONWAGE_RETURN_IF_ERROR(privacy::CheckTaus(trusted.manifest));
  KnownRounds alone;
  alone.Add(trusted);
  trusted.promise = CheckPromise(std::move(alone));
  return trusted;
}

absl::StatusOr<TrustedRound> CheckRound(const v1::GetRoundResponse& response,
                                        absl::string_view round_id,
                                        const TrustAnchors& anchors) {
  COMMONWAGE_ASSIGN_OR_RETURN(TrustedRound round,
                              CheckRound(response.round(), round_id, anchors));
  if (response.has_server_hour()) {
    round.server_hour = FromTimestamp(response.server_hour());
  }
  return round;
}

}  // namespace commonwage::client
