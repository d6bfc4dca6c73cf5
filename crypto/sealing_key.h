// SPDX-License-Identifier: Apache-2.0
// The public key that a round's submissions are sealed to, and how long what is
// sealed gets.

#ifndef COMMONWAGE_CRYPTO_SEALING_KEY_H_
#define COMMONWAGE_CRYPTO_SEALING_KEY_H_

#include <cstddef>

#include "base/fixed_bytes.h"

namespace commonwage::crypto {

// A point of X25519 (RFC 7748).
using SealingKey = FixedBytes<32, struct SealingKeyTag>;

// How much longer a ciphertext is than its plaintext, and the length of `enc`.
inline constexpr size_t kSealOverhead = 16;
inline constexpr size_t kEncapsulationSize = 32;

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_SEALING_KEY_H_
