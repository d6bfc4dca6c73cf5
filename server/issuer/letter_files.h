// SPDX-License-Identifier: Apache-2.0
// A directory of letters, ready to be printed.

#ifndef COMMONWAGE_SERVER_ISSUER_LETTER_FILES_H_
#define COMMONWAGE_SERVER_ISSUER_LETTER_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "base/file/output_directory.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/letters.h"

namespace commonwage::server::issuer {

// Writes the letters of `codes` into `directory`: a file for each, 0001.html
// and so on in their order, so that no name tells a member, and all.html, to
// print them in one go. Fails as OutputDirectory does.
absl::Status WriteLetters(OutputDirectory& directory, const LetterTerms& terms,
                          absl::Span<const LetterCode> codes);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_LETTER_FILES_H_
