// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/hkdf.h"

#include <algorithm>

#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

// HMAC-SHA-256 over parts; wiped when it goes out of scope.
class Hmac {
 public:
  explicit Hmac(absl::string_view key) {
    crypto_auth_hmacsha256_init(&state_, Octets(key), key.size());
  }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;
  ~Hmac() { sodium_memzero(&state_, sizeof state_); }

  void Update(absl::string_view bytes) {
    crypto_auth_hmacsha256_update(&state_, Octets(bytes), bytes.size());
  }

  void Finish(Wiped<kHkdfHashSize>& out) {
    crypto_auth_hmacsha256_final(&state_, out.data());
  }

 private:
  crypto_auth_hmacsha256_state state_{};
};

}  // namespace

void HkdfExtract(absl::string_view salt,
                 absl::Span<const absl::string_view> material,
                 Wiped<kHkdfHashSize>& key) {
  Hmac hmac(salt);
  for (const absl::string_view part : material) {
    hmac.Update(part);
  }
  hmac.Finish(key);
}

bool HkdfExpand(absl::string_view key, absl::Span<const absl::string_view> info,
                absl::Span<uint8_t> out) {
  if (out.size() > kHkdfMaxOutput) {
    return false;
  }
  Wiped<kHkdfHashSize> block;
  absl::string_view previous;
  char counter = 0;
  while (!out.empty()) {
    ++counter;
    Hmac hmac(key);
    hmac.Update(previous);
    for (const absl::string_view part : info) {
      hmac.Update(part);
    }
    hmac.Update(absl::string_view(&counter, 1));
    hmac.Finish(block);
    const size_t length = std::min(out.size(), kHkdfHashSize);
    std::copy_n(block.data(), length, out.begin());
    out.remove_prefix(length);
    previous = block.view();
  }
  return true;
}

}  // namespace commonwage::crypto
