// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/x25519.h"

#include "base/check.h"

namespace commonwage::crypto {

bool X25519(const uint8_t* scalar, const SealingKey& point, Wiped<32>& shared) {
  return crypto_scalarmult(shared.data(), scalar, point.data()) == 0;
}

SealingKey X25519PublicKey(const uint8_t* scalar) {
  SealingKey key;
  // Fails for no scalar: the base point is of large order.
  COMMONWAGE_CHECK(crypto_scalarmult_base(key.data(), scalar) == 0);
  return key;
}

}  // namespace commonwage::crypto
