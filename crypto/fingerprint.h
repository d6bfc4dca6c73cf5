// SPDX-License-Identifier: Apache-2.0
// A survey's public key as people compare it: 40 hexadecimal digits to type,
// or twelve words to read aloud. Both are of a hash of the key.

#ifndef COMMONWAGE_CRYPTO_FINGERPRINT_H_
#define COMMONWAGE_CRYPTO_FINGERPRINT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "crypto/signature.h"

namespace commonwage::crypto {

// Returns ten groups of four hexadecimal digits, such as
// "3f2a-90c1-...": 160 bits of the hash.
std::string Fingerprint(const VerifyKey& key);

// Returns twelve words with spaces between: 132 bits of the hash.
std::string FingerprintWords(const VerifyKey& key);

// Returns the twelve words of a key whose fingerprint in digits is `digits`, as
// Fingerprint gives it; "" if it is none.
std::string WordsOfFingerprint(absl::string_view digits);

// Checks that `typed` is the fingerprint of `key`, in either form, whatever its
// case and whichever spaces, hyphens or colons stand between the groups.
//
// Fails with INVALID_ARGUMENT (FINGERPRINT_MALFORMED) if `typed` is no
// fingerprint at all, with FAILED_PRECONDITION (SURVEY_KEY_DIFFERS) if it is
// another key's.
absl::Status CheckFingerprint(const VerifyKey& key, absl::string_view typed);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_FINGERPRINT_H_
