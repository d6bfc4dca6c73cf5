// SPDX-License-Identifier: Apache-2.0
// Public byte strings of a known length, told apart by type: a pseudonym is not
// a digest. Secrets have a type of their own, crypto::Secret.

#ifndef COMMONWAGE_BASE_FIXED_BYTES_H_
#define COMMONWAGE_BASE_FIXED_BYTES_H_

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/string_view.h"

namespace commonwage {

// `kLength` bytes that anybody may read. `Tag` tells kinds apart.
template <size_t kLength, typename Tag>
class FixedBytes {
 public:
  static constexpr size_t kSize = kLength;

  // All zero.
  constexpr FixedBytes() = default;
  explicit constexpr FixedBytes(const std::array<uint8_t, kLength>& bytes)
      : bytes_(bytes) {}

  // Returns the bytes of `view`, or nullopt if it is not kLength long.
  static std::optional<FixedBytes> From(absl::string_view view) {
    if (view.size() != kLength) {
      return std::nullopt;
    }
    FixedBytes result;
    std::transform(view.begin(), view.end(), result.bytes_.begin(),
                   [](char c) { return static_cast<uint8_t>(c); });
    return result;
  }

  // Returns the bytes as text; valid while this object is.
  [[nodiscard]] absl::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), kLength};
  }
  [[nodiscard]] const uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] uint8_t* data() { return bytes_.data(); }
  [[nodiscard]] static constexpr size_t size() { return kLength; }

  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;

  template <typename H>
  friend H AbslHashValue(H hash, const FixedBytes& bytes) {
    return H::combine(std::move(hash), bytes.bytes_);
  }

 private:
  std::array<uint8_t, kLength> bytes_{};
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FIXED_BYTES_H_
