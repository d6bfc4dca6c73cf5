// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include <sodium.h>

#include "base/check.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

// A frame, a receipt and their labels fit: no heap for what a server checks
// thousands of times a second. (The streaming interface of libsodium is no way
// out, for it is another algorithm, Ed25519ph.)
constexpr size_t kOnStack = 1280;

// Calls `use` with label || message and returns what it returns.
template <typename Use>
int WithLabel(absl::string_view label, absl::string_view message, Use use) {
  const size_t size = label.size() + message.size();
  if (size > kOnStack) {
    const std::string joined = absl::StrCat(label, message);
    return use(Octets(joined), size);
  }
  std::array<char, kOnStack> joined{};
  std::copy(message.begin(), message.end(),
            std::copy(label.begin(), label.end(), joined.begin()));
  return use(reinterpret_cast<const uint8_t*>(joined.data()), size);
}

}  // namespace

SigningKey SigningKey::FromSeed(const Secret<32>& seed) {
  SigningKey key;
  static_assert(decltype(key_)::kSize == crypto_sign_SECRETKEYBYTES);
  COMMONWAGE_CHECK(crypto_sign_seed_keypair(key.verify_key_.data(),
                                            key.key_.ExposeForWriting().data(),
                                            seed.Expose().data()) == 0);
  return key;
}

SigningKey SigningKey::Generate(RandomSource& random) {
  return FromSeed(Secret<32>::Random(random));
}

Signature SigningKey::Sign(absl::string_view label,
                           absl::string_view message) const {
  Signature signature;
  const int failed =
      WithLabel(label, message, [&](const uint8_t* bytes, size_t size) {
        return crypto_sign_detached(signature.data(), nullptr, bytes, size,
                                    key_.Expose().data());
      });
  COMMONWAGE_CHECK(failed == 0);
  return signature;
}

bool Verify(const VerifyKey& key, absl::string_view label,
            absl::string_view message, const Signature& signature) {
  return WithLabel(label, message, [&](const uint8_t* bytes, size_t size) {
           return crypto_sign_verify_detached(signature.data(), bytes, size,
                                              key.data());
         }) == 0;
}

}  // namespace commonwage::crypto
