// SPDX-License-Identifier: Apache-2.0
// Keys and small files at rest, encrypted under another key:
// XChaCha20-Poly1305 with a random nonce in front.

#ifndef COMMONWAGE_CRYPTO_WRAP_H_
#define COMMONWAGE_CRYPTO_WRAP_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/secret.h"

namespace commonwage::crypto {

// How much longer the wrapped form is: 24 bytes of nonce, 16 of tag.
inline constexpr size_t kWrapOverhead = 40;

// Returns nonce || ciphertext || tag. `aad` says what this is (purpose, name,
// version): under another `aad` it does not unwrap. Draws 24 bytes.
//
// Reveals: the length of `plaintext`, to who has no key.
std::string Wrap(const Secret<32>& key, absl::string_view aad,
                 absl::string_view plaintext, RandomSource& random);

// Returns what Wrap was given.
//
// Fails with FAILED_PRECONDITION (UNWRAP_FAILED) if the key or `aad` is not the
// same, or `wrapped` was altered or cut short: it cannot tell which.
absl::StatusOr<SecretBytes> Unwrap(const Secret<32>& key, absl::string_view aad,
                                   absl::string_view wrapped);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_WRAP_H_
