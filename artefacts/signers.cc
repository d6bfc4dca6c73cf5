// SPDX-License-Identifier: Apache-2.0
#include "artefacts/signers.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/error.h"
#include "crypto/fingerprint.h"

namespace commonwage::artefacts {

v1::Signature SignWith(const crypto::SigningKey& key, absl::string_view label,
                       absl::string_view bytes) {
  v1::Signature signature;
  signature.set_verify_key(std::string(key.verify_key().view()));
  signature.set_signature(std::string(key.Sign(label, bytes).view()));
  return signature;
}

std::vector<crypto::VerifyKey> VerifySigners(const Signatures& signatures,
                                             absl::string_view label,
                                             absl::string_view bytes) {
  std::vector<crypto::VerifyKey> signers;
  for (const v1::Signature& entry : signatures) {
    const auto key = crypto::VerifyKey::From(entry.verify_key());
    const auto signature = crypto::Signature::From(entry.signature());
    if (!key.has_value() || !signature.has_value() ||
        !crypto::Verify(*key, label, bytes, *signature)) {
      return {};
    }
    signers.push_back(*key);
  }
  return signers;
}

absl::StatusOr<std::vector<crypto::VerifyKey>> CheckSigners(
    const Signatures& signatures, absl::string_view label,
    absl::string_view bytes) {
  std::vector<crypto::VerifyKey> signers =
      VerifySigners(signatures, label, bytes);
  if (signers.empty()) {
    return Refusal(Reason::kStewardSignatureRefused,
                   "The file's signature does not hold: it was altered on the "
                   "way, or is not from a steward; ask the steward for it "
                   "again.");
  }
  return signers;
}

std::vector<crypto::VerifyKey> SignersOfBoth(
    const std::vector<crypto::VerifyKey>& signers,
    const std::vector<crypto::VerifyKey>& others) {
  std::vector<crypto::VerifyKey> both;
  std::copy_if(
      signers.begin(), signers.end(), std::back_inserter(both),
      [&](const crypto::VerifyKey& key) { return IsAmong(others, key); });
  return both;
}

bool IsAmong(const std::vector<crypto::VerifyKey>& signers,
             const crypto::VerifyKey& key) {
  return std::find(signers.begin(), signers.end(), key) != signers.end();
}

absl::StatusOr<std::optional<crypto::VerifyKey>> FindSigner(
    const std::vector<crypto::VerifyKey>& signers,
    absl::string_view fingerprint) {
  for (const crypto::VerifyKey& signer : signers) {
    const absl::Status verdict = crypto::CheckFingerprint(signer, fingerprint);
    if (verdict.ok()) {
      return signer;
    }
    if (ReasonOf(verdict) == Reason::kFingerprintMalformed) {
      return verdict;
    }
  }
  return std::nullopt;
}

}  // namespace commonwage::artefacts
