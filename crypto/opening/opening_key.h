// SPDX-License-Identifier: Apache-2.0
// The private half of a round's key and the one function that opens what was
// sealed to it. A library of its own: no program but the steward's links it,
// and a test looks for its symbols in the others.

#ifndef COMMONWAGE_CRYPTO_OPENING_OPENING_KEY_H_
#define COMMONWAGE_CRYPTO_OPENING_OPENING_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/sealing_key.h"
#include "crypto/secret.h"

namespace commonwage::crypto::opening {

// A round's private key. Thread-safe once made.
class OpeningKey {
 public:
  // Returns a new key. Draws 32 bytes.
  static OpeningKey Generate(RandomSource& random);

  // Returns the key that Expose gave.
  static OpeningKey FromSecret(const Secret<32>& secret);

  [[nodiscard]] const SealingKey& public_key() const { return public_key_; }

  // Reveals: the key.
  [[nodiscard]] const Secret<32>& Expose() const { return secret_; }

 private:
  explicit OpeningKey(Secret<32> secret);

  Secret<32> secret_;
  SealingKey public_key_;
};

// Opens what Seal made of the same `info` and `aad` for `key`. Thread-safe.
//
// Reveals: one wage, to the caller. The caller wipes it (crypto::Wipe).
// Fails with INVALID_ARGUMENT (SEAL_BROKEN), always with the same words, if
// anything at all was altered, cut short, or meant for another key.
absl::StatusOr<std::string> Open(const OpeningKey& key, absl::string_view enc,
                                 absl::string_view info, absl::string_view aad,
                                 absl::string_view ciphertext);

}  // namespace commonwage::crypto::opening

#endif  // COMMONWAGE_CRYPTO_OPENING_OPENING_KEY_H_
