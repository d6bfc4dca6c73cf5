// SPDX-License-Identifier: Apache-2.0
// Sealing to a round's public key: HPKE (RFC 9180), base mode, single shot,
// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. Opening is in
// crypto/opening, a library that only the steward's program links.

#ifndef COMMONWAGE_CRYPTO_HPKE_H_
#define COMMONWAGE_CRYPTO_HPKE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/sealing_key.h"

namespace commonwage::crypto {

struct Sealed {
  std::string enc;         // kEncapsulationSize bytes, the one-time public key.
  std::string ciphertext;  // The plaintext's length + kSealOverhead.
};

// Seals `plaintext` so that only the holder of the private half of `key`, given
// the same `info` and `aad`, can open it. Draws exactly 32 bytes: the one-time
// private key, which is forgotten.
//
// Reveals: the length of the plaintext; nothing else, and not for whom it is.
// Fails with INVALID_ARGUMENT (SEALING_KEY_UNUSABLE) if `key` is a point of low
// order, which would seal to nobody and everybody.
absl::StatusOr<Sealed> Seal(const SealingKey& key, absl::string_view info,
                            absl::string_view aad, absl::string_view plaintext,
                            RandomSource& random);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_HPKE_H_
