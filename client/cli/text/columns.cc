// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/columns.h"

#include <algorithm>
#include <clocale>
#include <cwchar>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace commonwage::client::cli {
namespace {

// While it lives, this thread's characters are those of UTF-8: the C library's
// own locale, which needs none to be installed.
class Utf8 {
 public:
  Utf8()
      : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})),
        before_(locale_ == locale_t{} ? locale_t{} : uselocale(locale_)) {}
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;
  ~Utf8() {
    if (locale_ != locale_t{}) {
      uselocale(before_);
      freelocale(locale_);
    }
  }

 private:
  locale_t locale_;
  locale_t before_;
};

}  // namespace

size_t Columns(absl::string_view text) {
  const Utf8 utf8;
  std::mbstate_t state = {};
  size_t columns = 0;
  while (!text.empty()) {
    wchar_t character = 0;
    const size_t bytes =
        std::mbrtowc(&character, text.data(), text.size(), &state);
    const bool is_character = bytes > 0 && bytes <= text.size();
    const int width = is_character ? wcwidth(character) : 1;
    columns += static_cast<size_t>(std::max(width, 0));
    if (!is_character) {
      state = {};
    }
    text.remove_prefix(is_character ? bytes : 1);
  }
  return columns;
}

std::string PadLeft(absl::string_view text, size_t width) {
  return absl::StrCat(std::string(width - std::min(width, Columns(text)), ' '),
                      text);
}

std::string PadRight(absl::string_view text, size_t width) {
  return absl::StrCat(text,
                      std::string(width - std::min(width, Columns(text)), ' '));
}

std::string Folded(absl::string_view text, absl::string_view indent,
                   size_t width) {
  const size_t most = std::min(width, kTextWidth);
  std::string result;
  std::string line;
  for (const absl::string_view word :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (line.empty()) {
      line = absl::StrCat(indent, word);
    } else if (Columns(line) + 1 + Columns(word) <= most) {
      absl::StrAppend(&line, " ", word);
    } else {
      absl::StrAppend(&result, line, "\n");
      line = absl::StrCat(indent, word);
    }
  }
  return absl::StrCat(result, line, "\n");
}

}  // namespace commonwage::client::cli
