// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/hpke_schedule.h"

#include <array>

#include "base/check.h"
#include "crypto/internal/hkdf.h"

namespace commonwage::crypto {
namespace {

constexpr absl::string_view kVersion = "HPKE-v1";
// "KEM" and 0x0020: DHKEM(X25519, HKDF-SHA256).
constexpr absl::string_view kKemSuite("KEM\x00\x20", 5);
// "HPKE", that KEM, 0x0001: HKDF-SHA256, 0x0003: ChaCha20-Poly1305.
constexpr absl::string_view kSuite("HPKE\x00\x20\x00\x01\x00\x03", 10);
constexpr absl::string_view kBaseMode("\x00", 1);

void LabeledExtract(absl::string_view suite, absl::string_view salt,
                    absl::string_view label, absl::string_view material,
                    Wiped<kHkdfHashSize>& key) {
  HkdfExtract(salt, {{kVersion, suite, label, material}}, key);
}

// `context` comes in parts, as in HkdfExpand, at most three of them.
void LabeledExpand(absl::string_view suite, const Wiped<kHkdfHashSize>& key,
                   absl::string_view label,
                   const std::array<absl::string_view, 3>& context,
                   absl::Span<uint8_t> out) {
  const std::array<char, 2> length = {0, static_cast<char>(out.size())};
  COMMONWAGE_CHECK(out.size() <= kHkdfHashSize);
  COMMONWAGE_CHECK(
      HkdfExpand(key.view(),
                 {{absl::string_view(length.data(), 2), kVersion, suite, label,
                   context[0], context[1], context[2]}},
                 out));
}

}  // namespace

void ExtractSharedSecret(const Wiped<32>& dh, absl::string_view enc,
                         const SealingKey& receiver, Wiped<32>& shared) {
  Wiped<kHkdfHashSize> key;
  LabeledExtract(kKemSuite, "", "eae_prk", dh.view(), key);
  LabeledExpand(kKemSuite, key, "shared_secret", {enc, receiver.view(), ""},
                shared.span());
}

void ScheduleMessageKey(const Wiped<32>& shared, absl::string_view info,
                        MessageKey& message_key) {
  Wiped<kHkdfHashSize> psk_id_hash;
  Wiped<kHkdfHashSize> info_hash;
  Wiped<kHkdfHashSize> secret;
  // In base mode the pre-shared key and its name are empty, not absent.
  LabeledExtract(kSuite, "", "psk_id_hash", "", psk_id_hash);
  LabeledExtract(kSuite, "", "info_hash", info, info_hash);
  LabeledExtract(kSuite, shared.view(), "secret", "", secret);
  const std::array<absl::string_view, 3> context = {
      kBaseMode, psk_id_hash.view(), info_hash.view()};
  LabeledExpand(kSuite, secret, "key", context, message_key.key.span());
  LabeledExpand(kSuite, secret, "base_nonce", context,
                message_key.nonce.span());
}

}  // namespace commonwage::crypto
