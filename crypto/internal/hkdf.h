// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: HKDF (RFC 5869) with SHA-256, which libsodium 1.0.18 does
// not have. Input comes in parts, so that nothing secret is joined on the heap.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_HKDF_H_
#define COMMONWAGE_CRYPTO_INTERNAL_HKDF_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/internal/wiped.h"

namespace commonwage::crypto {

inline constexpr size_t kHkdfHashSize = 32;
inline constexpr size_t kHkdfMaxOutput = 255 * kHkdfHashSize;

// Sets `key` to HKDF-Extract(salt, all of `material` in a row).
void HkdfExtract(absl::string_view salt,
                 absl::Span<const absl::string_view> material,
                 Wiped<kHkdfHashSize>& key);

// Fills `out` with HKDF-Expand(key, all of `info` in a row). Returns false, and
// leaves `out` alone, if `out` is longer than kHkdfMaxOutput.
[[nodiscard]] bool HkdfExpand(absl::string_view key,
                              absl::Span<const absl::string_view> info,
                              absl::Span<uint8_t> out);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_HKDF_H_
