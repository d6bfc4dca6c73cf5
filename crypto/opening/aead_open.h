// SPDX-License-Identifier: Apache-2.0
// Internal to crypto/opening: ChaCha20-Poly1305 (RFC 8439), the opening half.

#ifndef COMMONWAGE_CRYPTO_OPENING_AEAD_OPEN_H_
#define COMMONWAGE_CRYPTO_OPENING_AEAD_OPEN_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "crypto/internal/hpke_schedule.h"

namespace commonwage::crypto::opening {

// Returns the plaintext of `ciphertext` (with its tag), or nullopt if it was
// not made with this key, nonce and `aad`.
std::optional<std::string> AeadOpen(const MessageKey& key,
                                    absl::string_view aad,
                                    absl::string_view ciphertext);

}  // namespace commonwage::crypto::opening

#endif  // COMMONWAGE_CRYPTO_OPENING_AEAD_OPEN_H_
