// SPDX-License-Identifier: Apache-2.0
#include "crypto/wrap.h"

#include "absl/types/span.h"
#include <sodium.h>

#include "base/check.h"
#include "base/error.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

constexpr size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kNonceSize + kTagSize == kWrapOverhead);

}  // namespace

std::string Wrap(const Secret<32>& key, absl::string_view aad,
                 absl::string_view plaintext, RandomSource& random) {
  std::string wrapped(kWrapOverhead + plaintext.size(), '\0');
  uint8_t* const nonce = Octets(wrapped);
  random.Fill(absl::MakeSpan(nonce, kNonceSize));
  COMMONWAGE_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(
                       nonce + kNonceSize, nullptr, Octets(plaintext),
                       plaintext.size(), Octets(aad), aad.size(), nullptr,
                       nonce, key.Expose().data()) == 0);
  return wrapped;
}

absl::StatusOr<SecretBytes> Unwrap(const Secret<32>& key, absl::string_view aad,
                                   absl::string_view wrapped) {
  const absl::Status refusal =
      Refusal(Reason::kUnwrapFailed,
              "This was encrypted under another key, or it has been altered.");
  if (wrapped.size() < kWrapOverhead) {
    return refusal;
  }
  const uint8_t* const nonce = Octets(wrapped);
  SecretBytes plaintext(wrapped.size() - kWrapOverhead);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plaintext.ExposeForWriting().data(), nullptr, nullptr,
          nonce + kNonceSize, wrapped.size() - kNonceSize, Octets(aad),
          aad.size(), nonce, key.Expose().data()) != 0) {
    return refusal;
  }
  return plaintext;
}

}  // namespace commonwage::crypto
