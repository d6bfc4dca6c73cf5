// SPDX-License-Identifier: Apache-2.0
#include "crypto/hpke.h"

#include <sodium.h>

#include "base/error.h"
#include "crypto/internal/aead.h"
#include "crypto/internal/hpke_schedule.h"
#include "crypto/internal/x25519.h"

namespace commonwage::crypto {

static_assert(kSealOverhead == crypto_aead_chacha20poly1305_ietf_ABYTES);

absl::StatusOr<Sealed> Seal(const SealingKey& key, absl::string_view info,
                            absl::string_view aad, absl::string_view plaintext,
                            RandomSource& random) {
  Wiped<32> one_time_key;
  random.Fill(one_time_key.span());
  const SealingKey enc = X25519PublicKey(one_time_key.data());
  Wiped<32> dh;
  if (!X25519(one_time_key.data(), key, dh)) {
    return Refusal(Reason::kSealingKeyUnusable,
                   "The round's public key is not a usable key; nothing was "
                   "sealed.");
  }
  Wiped<32> shared;
  ExtractSharedSecret(dh, enc.view(), key, shared);
  MessageKey message_key;
  ScheduleMessageKey(shared, info, message_key);
  return Sealed{.enc = std::string(enc.view()),
                .ciphertext = AeadSeal(message_key, aad, plaintext)};
}

}  // namespace commonwage::crypto
