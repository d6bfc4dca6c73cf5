// SPDX-License-Identifier: Apache-2.0
// A digest as two people compare it by telephone: twelve words, 132 bits of it.

#ifndef COMMONWAGE_CRYPTO_SPOKEN_DIGEST_H_
#define COMMONWAGE_CRYPTO_SPOKEN_DIGEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/hash.h"

namespace commonwage::crypto {

// Returns twelve words with spaces between.
std::string SpokenDigest(const Digest& digest);

// Returns whether `typed` is the words of `digest`, whatever its case and
// whichever spaces, hyphens or commas stand between the words; four letters of
// each are enough.
//
// Fails with INVALID_ARGUMENT (DIGEST_WORDS_MALFORMED) if `typed` is not twelve
// words of our list.
absl::StatusOr<bool> IsSpokenDigest(const Digest& digest,
                                    absl::string_view typed);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_SPOKEN_DIGEST_H_
