// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: byte strings in slices of 11 bits, most significant
// first.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_WORD_BITS_H_
#define COMMONWAGE_CRYPTO_INTERNAL_WORD_BITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/internal/word_list.h"

namespace commonwage::crypto {

// Returns the `position`-th slice of `bytes`, which must be long enough.
inline size_t WordIndexAt(absl::string_view bytes, size_t position) {
  size_t index = 0;
  for (size_t bit = position * kBitsPerWord;
       bit < (position + 1) * kBitsPerWord; ++bit) {
    const auto byte = static_cast<uint8_t>(bytes[bit / 8]);
    index = (index << 1U) | ((byte >> (7 - bit % 8)) & 1U);
  }
  return index;
}

// Sets the `position`-th slice of `bytes`, which must be zero there, to
// `index`.
inline void SetWordIndexAt(absl::Span<uint8_t> bytes, size_t position,
                           size_t index) {
  for (size_t i = 0; i < kBitsPerWord; ++i) {
    const size_t bit = position * kBitsPerWord + i;
    const size_t value = (index >> (kBitsPerWord - 1 - i)) & 1U;
    bytes[bit / 8] =
        static_cast<uint8_t>(bytes[bit / 8] | (value << (7 - bit % 8)));
  }
}

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_WORD_BITS_H_
