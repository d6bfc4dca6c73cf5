// SPDX-License-Identifier: Apache-2.0
#include "client/cli/columns.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace commonwage::client::cli {

size_t Columns(absl::string_view text) {
  // Every byte but the continuations of a UTF-8 character begins one.
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string PadLeft(absl::string_view text, size_t width) {
  return absl::StrCat(std::string(width - std::min(width, Columns(text)), ' '),
                      text);
}

std::string PadRight(absl::string_view text, size_t width) {
  return absl::StrCat(text,
                      std::string(width - std::min(width, Columns(text)), ' '));
}

std::string Folded(absl::string_view text, absl::string_view indent) {
  std::string result;
  std::string line;
  for (const absl::string_view word :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (line.empty()) {
      line = absl::StrCat(indent, word);
    } else if (Columns(line) + 1 + Columns(word) <= kTextWidth) {
      absl::StrAppend(&line, " ", word);
    } else {
      absl::StrAppend(&result, line, "\n");
      line = absl::StrCat(indent, word);
    }
  }
  return absl::StrCat(result, line, "\n");
}

}  // namespace commonwage::client::cli
