// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: short-lived secrets on the stack, where guarded memory
// would cost more than the arithmetic.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_WIPED_H_
#define COMMONWAGE_CRYPTO_INTERNAL_WIPED_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include <sodium.h>

namespace commonwage::crypto {

// `kLength` bytes, zero at first, overwritten when they go out of scope.
template <size_t kLength>
class Wiped {
 public:
  static constexpr size_t kSize = kLength;

  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { sodium_memzero(bytes_.data(), kLength); }

  [[nodiscard]] uint8_t* data() { return bytes_.data(); }
  [[nodiscard]] const uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] absl::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), kLength};
  }
  [[nodiscard]] absl::Span<uint8_t> span() { return absl::MakeSpan(bytes_); }

 private:
  std::array<uint8_t, kLength> bytes_{};
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_WIPED_H_
