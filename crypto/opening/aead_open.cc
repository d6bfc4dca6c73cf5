// SPDX-License-Identifier: Apache-2.0
#include "crypto/opening/aead_open.h"

#include "crypto/hpke.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto::opening {

std::optional<std::string> AeadOpen(const MessageKey& key,
                                    absl::string_view aad,
                                    absl::string_view ciphertext) {
  if (ciphertext.size() < kSealOverhead) {
    return std::nullopt;
  }
  std::string plaintext(ciphertext.size() - kSealOverhead, '\0');
  if (crypto_aead_chacha20poly1305_ietf_decrypt(
          Octets(plaintext), nullptr, nullptr, Octets(ciphertext),
          ciphertext.size(), Octets(aad), aad.size(), key.nonce.data(),
          key.key.data()) != 0) {
    return std::nullopt;
  }
  return plaintext;
}

}  // namespace commonwage::crypto::opening
