// SPDX-License-Identifier: Apache-2.0
// The text of a list as a spreadsheet saved it. In which encoding is known from
// the file, or told by who saved it, and never guessed: a wrong guess would
// write wrong names on letters.

#ifndef COMMONWAGE_SERVER_ISSUER_LIST_TEXT_H_
#define COMMONWAGE_SERVER_ISSUER_LIST_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::server::issuer {

// Returns the names of encodings that can be told, such as "latin1".
std::vector<std::string> ListEncodings();

// Returns `bytes` as UTF-8 without a byte order mark. `encoding` is one of
// ListEncodings(), or empty: then it must be UTF-8, or UTF-16 with its mark.
//
// Fails with INVALID_ARGUMENT (LIST_UNREADABLE) if it is not, or is something
// else than `encoding` says; the sentence names the line and the remedy.
absl::StatusOr<std::string> DecodeList(absl::string_view bytes,
                                       absl::string_view encoding);

// Returns the number, from 1, of the line at `position` of `text`, whichever
// way its lines end.
size_t LineAt(absl::string_view text, size_t position);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_LIST_TEXT_H_
