// SPDX-License-Identifier: Apache-2.0
// The public key that a round's submissions are sealed to.

#ifndef COMMONWAGE_CRYPTO_SEALING_KEY_H_
#define COMMONWAGE_CRYPTO_SEALING_KEY_H_

#include "base/fixed_bytes.h"

namespace commonwage::crypto {

// A point of X25519 (RFC 7748).
using SealingKey = FixedBytes<32, struct SealingKeyTag>;

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_SEALING_KEY_H_
