// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: what Unicode 14.0 says of characters that can be written
// in more than one way. Tables, in ascending order of their first number.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_TEXT_COMPOSITION_DATA_H_
#define COMMONWAGE_CRYPTO_INTERNAL_TEXT_COMPOSITION_DATA_H_

#include <cstdint>

#include "absl/types/span.h"

namespace commonwage::crypto {

// `composed` is `first` followed by `second`.
struct CanonicalPair {
  char32_t composed = 0;
  char32_t first = 0;
  char32_t second = 0;
};

// `other` is another spelling of `plain`.
struct CanonicalSingleton {
  char32_t other = 0;
  char32_t plain = 0;
};

// Those from `first` to `last` have the combining class, which is not 0.
struct CombiningRange {
  char32_t first = 0;
  char32_t last = 0;
  uint8_t combining_class = 0;
};

// Hangul syllables, which arithmetic takes apart, are not among the pairs.
absl::Span<const CanonicalPair> CanonicalPairs();
// Pairs, by what they compose, that are taken apart and not put together.
absl::Span<const char32_t> PairsThatStayApart();
absl::Span<const CanonicalSingleton> CanonicalSingletons();
absl::Span<const CombiningRange> CombiningRanges();

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_TEXT_COMPOSITION_DATA_H_
