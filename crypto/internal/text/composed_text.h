// SPDX-License-Identifier: Apache-2.0
// One spelling for a passphrase. The same characters can be written as
// different code points: a letter with its accent, or the letter and then the
// accent. Which ones come out is up to the keyboard, so a passphrase becomes a
// key only in one form, that of RFC 8265 (OpaqueString): blanks as spaces, and
// Unicode's composed form (NFC).

#ifndef COMMONWAGE_CRYPTO_INTERNAL_TEXT_COMPOSED_TEXT_H_
#define COMMONWAGE_CRYPTO_INTERNAL_TEXT_COMPOSED_TEXT_H_

#include "absl/strings/string_view.h"

#include "crypto/secret.h"

namespace commonwage::crypto {

// Returns `text` in that form, by the tables of Unicode 14.0 for ever: a later
// version only adds characters. Text that is not UTF-8 comes back as it is.
SecretBytes ComposedText(absl::string_view text);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_TEXT_COMPOSED_TEXT_H_
