// SPDX-License-Identifier: Apache-2.0
#include "crypto/opening/opening_key.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "crypto/internal/hpke_schedule.h"
#include "crypto/internal/x25519.h"
#include "crypto/opening/aead_open.h"

namespace commonwage::crypto::opening {

OpeningKey::OpeningKey(Secret<32> secret)
    : secret_(std::move(secret)),
      public_key_(X25519PublicKey(secret_.Expose().data())) {}

OpeningKey OpeningKey::Generate(RandomSource& random) {
  return OpeningKey(Secret<32>::Random(random));
}

OpeningKey OpeningKey::FromSecret(const Secret<32>& secret) {
  return OpeningKey(secret.Clone());
}

absl::StatusOr<std::string> Open(const OpeningKey& key, absl::string_view enc,
                                 absl::string_view info, absl::string_view aad,
                                 absl::string_view ciphertext) {
  const std::optional<SealingKey> sender = SealingKey::From(enc);
  Wiped<32> dh;
  std::optional<std::string> plaintext;
  if (sender.has_value() && X25519(key.Expose().Expose().data(), *sender, dh)) {
    Wiped<32> shared;
    ExtractSharedSecret(dh, enc, key.public_key(), shared);
    MessageKey message_key;
    ScheduleMessageKey(shared, info, message_key);
    plaintext = AeadOpen(message_key, aad, ciphertext);
  }
  if (!plaintext.has_value()) {
    return Refusal(Reason::kSealBroken,
                   "This was sealed to another key or under other rules, or it "
                   "has been altered.");
  }
  return *std::move(plaintext);
}

}  // namespace commonwage::crypto::opening
