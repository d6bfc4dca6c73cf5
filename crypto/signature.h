// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures over label || message. The label (survey/domain_labels.h)
// says what the signature is for; one made for a receipt is none for a release.

#ifndef COMMONWAGE_CRYPTO_SIGNATURE_H_
#define COMMONWAGE_CRYPTO_SIGNATURE_H_

#include "absl/strings/string_view.h"

#include "base/fixed_bytes.h"
#include "base/random_source.h"
#include "crypto/secret.h"

namespace commonwage::crypto {

// An Ed25519 public key.
using VerifyKey = FixedBytes<32, struct VerifyKeyTag>;

using Signature = FixedBytes<64, struct SignatureTag>;

// An Ed25519 private key. Thread-safe once made.
class SigningKey {
 public:
  // Returns the key that belongs to `seed`: always the same one.
  static SigningKey FromSeed(const Secret<32>& seed);

  // Returns a new key. Draws 32 bytes: the seed.
  static SigningKey Generate(RandomSource& random);

  [[nodiscard]] VerifyKey verify_key() const { return verify_key_; }

  // Returns the signature over label || message, always the same one.
  [[nodiscard]] Signature Sign(absl::string_view label,
                               absl::string_view message) const;

 private:
  SigningKey() = default;

  Secret<64> key_;
  VerifyKey verify_key_;
};

// Whether `signature` over label || message was made with the private half of
// `key`. False also for keys of low order, for points and scalars that are not
// in canonical form: no signature has a second form. Thread-safe.
[[nodiscard]] bool Verify(const VerifyKey& key, absl::string_view label,
                          absl::string_view message,
                          const Signature& signature);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_SIGNATURE_H_
