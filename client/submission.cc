// SPDX-License-Identifier: Apache-2.0
#include "client/submission.h"

#include <optional>

#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/status_macros.h"
#include "crypto/derive.h"
#include "crypto/hpke.h"
#include "survey/domain_labels.h"

namespace commonwage::client {
namespace {

static_assert(kAnswerSize + crypto::kSealOverhead == kFrameCiphertextSize);
static_assert(crypto::kEncapsulationSize == kFrameEncSize);

absl::StatusOr<std::string> SealAndSign(const SealingTerms& terms,
                                        const crypto::SigningKey& key,
                                        const FrameOrder& order,
                                        absl::string_view plaintext,
                                        RandomSource& random) {
  FrameHeader header;
  header.operation = order.operation;
  header.sequence = order.sequence;
  header.manifest_hash = terms.manifest_hash;
  header.pseudonym = PseudonymOf(key);
  header.round_key_id = terms.round_key_id;
  header.credential = std::string(order.credential);
  const std::string head = WriteFrameHead(header);

  const std::string info = absl::StrCat(kSealLabel, terms.manifest_hash.view());
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Sealed sealed,
      crypto::Seal(terms.round_key, info, head, plaintext, random));
  const std::string body = absl::StrCat(head, sealed.enc, sealed.ciphertext);
  const crypto::Signature signature = key.Sign(kFrameSignatureLabel, body);
  COMMONWAGE_CHECK(body.size() + signature.size() == kFrameSize);
  return absl::StrCat(body, signature.view());
}

}  // namespace

SealingTerms MakeSealingTerms(const Manifest& manifest,
                              const ManifestHash& manifest_hash) {
  const std::optional<crypto::SealingKey> round_key =
      crypto::SealingKey::From(manifest.round_public_key);
  COMMONWAGE_CHECK(round_key.has_value());
  const crypto::Digest key_digest =
      crypto::Sha256(kRoundKeyIdLabel, manifest.round_public_key);
  return {manifest_hash, *round_key,
          *RoundKeyId::From(key_digest.view().substr(0, RoundKeyId::kSize))};
}

crypto::SigningKey DerivePseudonymKey(const crypto::Secret<32>& seed,
                                      const ManifestHash& manifest_hash) {
  return crypto::SigningKey::FromSeed(
      crypto::Derive(seed, kPseudonymSeedLabel, manifest_hash.view()));
}

Pseudonym PseudonymOf(const crypto::SigningKey& key) {
  return *Pseudonym::From(key.verify_key().view());
}

absl::StatusOr<std::string> BuildFrame(const SealingTerms& terms,
                                       const crypto::SigningKey& key,
                                       const FrameOrder& order,
                                       const Answer& answer,
                                       RandomSource& random) {
  std::string plaintext = EncodeAnswer(answer);
  absl::StatusOr<std::string> frame =
      SealAndSign(terms, key, order, plaintext, random);
  crypto::Wipe(plaintext);
  return frame;
}

absl::StatusOr<std::string> BuildWithdrawal(const SealingTerms& terms,
                                            const crypto::SigningKey& key,
                                            const FrameOrder& order,
                                            RandomSource& random) {
  return SealAndSign(terms, key, order, std::string(kAnswerSize, '\0'), random);
}

crypto::Digest DigestOfFrame(absl::string_view frame) {
  return crypto::Sha256(kFrameDigestLabel, frame);
}

}  // namespace commonwage::client
