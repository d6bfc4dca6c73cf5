// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: the part of HPKE that sealing and opening share, from the
// Diffie-Hellman value to the key and nonce of the one message. RFC 9180, 4.1
// and 5.1, base mode.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_HPKE_SCHEDULE_H_
#define COMMONWAGE_CRYPTO_INTERNAL_HPKE_SCHEDULE_H_

#include "absl/strings/string_view.h"

#include "crypto/internal/wiped.h"
#include "crypto/sealing_key.h"

namespace commonwage::crypto {

// The key of ChaCha20-Poly1305 and its nonce for the first message.
struct MessageKey {
  Wiped<32> key;
  Wiped<12> nonce;
};

// Sets `shared` to the secret that DHKEM's ExtractAndExpand makes of the
// Diffie-Hellman value `dh`, for one-time key `enc` and receiver `receiver`.
void ExtractSharedSecret(const Wiped<32>& dh, absl::string_view enc,
                         const SealingKey& receiver, Wiped<32>& shared);

// Sets `message_key` to what KeySchedule makes of `shared` and `info`.
void ScheduleMessageKey(const Wiped<32>& shared, absl::string_view info,
                        MessageKey& message_key);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_HPKE_SCHEDULE_H_
