// SPDX-License-Identifier: Apache-2.0
// A member's seed as 24 words to write down: 256 bits of seed and 8 bits of
// checksum, 11 bits a word. No two words of the list begin with the same four
// letters, so the first four (or all, if there are three) are enough to type.

#ifndef COMMONWAGE_CRYPTO_RECOVERY_WORDS_H_
#define COMMONWAGE_CRYPTO_RECOVERY_WORDS_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/secret.h"

namespace commonwage::crypto {

inline constexpr size_t kRecoveryWordCount = 24;

// Returns the words of `seed`, in lower case with one space between.
SecretBytes RecoveryWords(const Secret<32>& seed);

// Returns how many words there are in `words`, as SeedFromRecoveryWords sees
// them.
size_t CountRecoveryWords(absl::string_view words);

// Returns the seed of `words`, whatever their case and what stands between
// them: blanks and line breaks of any kind, commas, dashes, the numbers of the
// words.
//
// Fails with INVALID_ARGUMENT: RECOVERY_WORD_COUNT if they are not 24,
// RECOVERY_WORD_UNKNOWN, naming the positions of words that are not ours, and
// RECOVERY_WORDS_MISMATCH if they are ours but do not belong together. No word
// is repeated in the message.
absl::StatusOr<Secret<32>> SeedFromRecoveryWords(absl::string_view words);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_RECOVERY_WORDS_H_
