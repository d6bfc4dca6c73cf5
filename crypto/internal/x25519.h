// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: the Diffie-Hellman of RFC 7748.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_X25519_H_
#define COMMONWAGE_CRYPTO_INTERNAL_X25519_H_

#include <cstdint>

#include "crypto/internal/wiped.h"
#include "crypto/sealing_key.h"

namespace commonwage::crypto {

// Sets `shared` to what the holders of `scalar` (32 bytes) and of the private
// half of `point` have in common. Returns false, and `shared` must not be used,
// if `point` is of low order, so that anybody could have it.
[[nodiscard]] bool X25519(const uint8_t* scalar, const SealingKey& point,
                          Wiped<32>& shared);

// Returns the public half of `scalar` (32 bytes).
SealingKey X25519PublicKey(const uint8_t* scalar);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_X25519_H_
