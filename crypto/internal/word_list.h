// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: the list behind recovery words and fingerprints. Its
// order is part of both formats; a changed list is a lost seed.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_WORD_LIST_H_
#define COMMONWAGE_CRYPTO_INTERNAL_WORD_LIST_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace commonwage::crypto {

inline constexpr size_t kWordListSize = 2048;
inline constexpr size_t kBitsPerWord = 11;

// No two words have the same first so many letters.
inline constexpr size_t kWordPrefixLength = 4;

// Returns the word of that number, which is below kWordListSize.
absl::string_view WordAt(size_t index);

// Returns the number of `word`, which is in lower case and may be cut short
// after kWordPrefixLength letters, or nullopt.
std::optional<size_t> FindWord(absl::string_view word);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_WORD_LIST_H_
