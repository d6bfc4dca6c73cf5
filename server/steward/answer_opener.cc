// SPDX-License-Identifier: Apache-2.0
#include "server/steward/answer_opener.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "survey/domain_labels.h"

namespace commonwage::server::steward {
namespace {

RoundKeyId KeyIdOf(absl::string_view round_public_key) {
  const crypto::Digest digest =
      crypto::Sha256(kRoundKeyIdLabel, round_public_key);
  const auto id = RoundKeyId::From(digest.view().substr(0, RoundKeyId::kSize));
  COMMONWAGE_CHECK(id.has_value());
  return *id;
}

}  // namespace

AnswerOpener::AnswerOpener(const Manifest& manifest, const ManifestHash& hash,
                           crypto::opening::OpeningKey opening_key)
    : manifest_(&manifest),
      hash_(hash),
      round_key_id_(KeyIdOf(manifest.round_public_key)),
      seal_info_(absl::StrCat(kSealLabel, hash.view())),
      opening_key_(std::move(opening_key)) {}

absl::StatusOr<AnswerOpener> AnswerOpener::For(
    const Manifest& manifest, const ManifestHash& hash,
    const crypto::Secret<32>& opening_key) {
  AnswerOpener opener(manifest, hash,
                      crypto::opening::OpeningKey::FromSecret(opening_key));
  if (opener.opening_key_.public_key().view() != manifest.round_public_key) {
    return Refusal(Reason::kRoundKeyDiffers,
                   "The vault's key for this round is not the one in its "
                   "manifest; the vault is damaged, use a backup of it.");
  }
  if (manifest.admission == Admission::kCredential) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        opener.issuer_key_,
        crypto::BlindRsaPublicKey::FromDer(manifest.issuer_public_key));
  }
  return opener;
}

bool AnswerOpener::IsAdmitted(const FrameView& frame) const {
  if (!issuer_key_.has_value()) {
    return true;
  }
  const FrameHeader& header = frame.header();
  const auto key = crypto::VerifyKey::From(header.pseudonym.view());
  const auto signature = crypto::Signature::From(frame.signature());
  return key.has_value() && signature.has_value() &&
         crypto::Verify(*key, kFrameSignatureLabel, frame.signed_bytes(),
                        *signature) &&
         issuer_key_->Verify(absl::StrCat(kCredentialLabel, hash_.view(),
                                          header.pseudonym.view()),
                             header.credential);
}

std::optional<Answer> AnswerOpener::Open(absl::string_view frame) const {
  const absl::StatusOr<FrameView> view = FrameView::Parse(frame);
  if (!view.ok() || view->header().manifest_hash != hash_ ||
      view->header().round_key_id != round_key_id_ ||
      view->header().operation == Operation::kWithdraw || !IsAdmitted(*view)) {
    return std::nullopt;
  }
  absl::StatusOr<std::string> plaintext = crypto::opening::Open(
      opening_key_, view->enc(), seal_info_, view->aad(), view->ciphertext());
  if (!plaintext.ok()) {
    return std::nullopt;
  }
  absl::StatusOr<Answer> answer = DecodeAnswer(*plaintext, manifest_->plan);
  crypto::Wipe(*plaintext);
  if (!answer.ok()) {
    return std::nullopt;
  }
  return *std::move(answer);
}

}  // namespace commonwage::server::steward
