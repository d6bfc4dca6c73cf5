// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/aead.h"

#include <sodium.h>

#include "base/check.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

constexpr size_t kTagSize = crypto_aead_chacha20poly1305_ietf_ABYTES;

}  // namespace

std::string AeadSeal(const MessageKey& key, absl::string_view aad,
                     absl::string_view plaintext) {
  std::string ciphertext(plaintext.size() + kTagSize, '\0');
  COMMONWAGE_CHECK(crypto_aead_chacha20poly1305_ietf_encrypt(
                       Octets(ciphertext), nullptr, Octets(plaintext),
                       plaintext.size(), Octets(aad), aad.size(), nullptr,
                       key.nonce.data(), key.key.data()) == 0);
  return ciphertext;
}

}  // namespace commonwage::crypto
