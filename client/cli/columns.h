// SPDX-License-Identifier: Apache-2.0
// Text that fits a terminal. Characters of UTF-8 are counted, each being one
// column wide.

#ifndef COMMONWAGE_CLIENT_CLI_COLUMNS_H_
#define COMMONWAGE_CLIENT_CLI_COLUMNS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage::client::cli {

// How wide sentences are, and tables that have no bars.
inline constexpr size_t kTextWidth = 80;

// Returns how many columns `text` takes.
size_t Columns(absl::string_view text);

// Returns `text` filled up with spaces to `width` columns, on the left or on
// the right.
std::string PadLeft(absl::string_view text, size_t width);
std::string PadRight(absl::string_view text, size_t width);

// Returns `text` broken at blanks into lines of at most kTextWidth columns,
// each of which ends in a newline and begins with `indent`. A longer word has a
// line of its own.
std::string Folded(absl::string_view text, absl::string_view indent = "");

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_COLUMNS_H_
