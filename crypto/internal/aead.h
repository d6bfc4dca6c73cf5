// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: ChaCha20-Poly1305 (RFC 8439), the sealing half.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_AEAD_H_
#define COMMONWAGE_CRYPTO_INTERNAL_AEAD_H_

#include <string>

#include "absl/strings/string_view.h"

#include "crypto/internal/hpke_schedule.h"

namespace commonwage::crypto {

// Returns ciphertext || tag. `key` may be used for this one message only.
std::string AeadSeal(const MessageKey& key, absl::string_view aad,
                     absl::string_view plaintext);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_AEAD_H_
