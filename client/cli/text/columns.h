// SPDX-License-Identifier: Apache-2.0
// Text that fits a terminal, whose characters are none, one or two columns
// wide.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_COLUMNS_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_COLUMNS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage::client::cli {

// How wide sentences are at most, however wide the page is.
inline constexpr size_t kTextWidth = 80;

// Returns how many columns the UTF-8 `text` takes: an ideograph two, a
// combining mark none. A byte that is no character's takes one.
size_t Columns(absl::string_view text);

// Returns `text` filled up with spaces to `width` columns, on the left or on
// the right.
std::string PadLeft(absl::string_view text, size_t width);
std::string PadRight(absl::string_view text, size_t width);

// Returns `text` broken at blanks into lines of at most `width` columns and
// kTextWidth, each of which ends in a newline and begins with `indent`. A
// longer word has a line of its own.
std::string Folded(absl::string_view text, absl::string_view indent = "",
                   size_t width = kTextWidth);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_COLUMNS_H_
