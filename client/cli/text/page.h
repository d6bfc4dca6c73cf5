// SPDX-License-Identifier: Apache-2.0
// What figures are printed on: how wide it is, and whether it shows colour.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_PAGE_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_PAGE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage::client::cli {

// A terminal, a file or a pipe. Copyable.
struct Page {
  size_t width = 80;    // Columns of a line; at least kNarrowestPage.
  bool colour = false;  // Whether escapes of ECMA-48 (SGR) are understood.
};

// Below this, numbers would no longer stand beside their intervals.
inline constexpr size_t kNarrowestPage = 40;

// Returns the page that standard output is: as wide as COLUMNS says, else as
// its terminal is, else 80. It has colour if it is a terminal, unless NO_COLOR
// is set and not empty (no-color.org), or TERM is "dumb".
Page PageOfOutput();

// How a piece of text is meant.
enum class Tone { kGood, kFair, kPoor, kStrong, kQuiet };

// Returns `text` as `page` shows that tone: as it is, if there is no colour.
// Takes as many columns as before.
std::string Toned(absl::string_view text, Tone tone, const Page& page);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_PAGE_H_
