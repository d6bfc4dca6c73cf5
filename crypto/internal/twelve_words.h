// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: 132 bits as words that people read to each other, and
// back.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_TWELVE_WORDS_H_
#define COMMONWAGE_CRYPTO_INTERNAL_TWELVE_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace commonwage::crypto {

// Returns the first 132 bits of `bytes`, which must be long enough, as twelve
// words with spaces between.
std::string TwelveWords(absl::string_view bytes);

// Returns what a person typed in groups, whichever spaces, hyphens, colons,
// commas or dots stand between them. They are parts of `typed`.
std::vector<absl::string_view> GroupsOf(absl::string_view typed);

// Returns twelve words, spelled out where they were cut short, with spaces
// between, or "" unless `groups` are such; they are in lower case.
std::string CompleteTwelveWords(const std::vector<absl::string_view>& groups);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_TWELVE_WORDS_H_
