// SPDX-License-Identifier: Apache-2.0
#include "survey/text/shown_text.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "base/typed_text.h"

namespace commonwage {
namespace {

constexpr size_t kMaxLanguageBytes = 35;

bool IsIn(char32_t character, char32_t first, char32_t last) {
  return character >= first && character <= last;
}

}  // namespace

bool IsUnshowable(char32_t character) {
  const bool control = character < 0x20 || IsIn(character, 0x7f, 0x9f);
  const bool line_end = IsIn(character, 0x2028, 0x2029);
  const bool direction =
      character == 0x61c || IsIn(character, 0x200e, 0x200f) ||
      IsIn(character, 0x202a, 0x202e) || IsIn(character, 0x2066, 0x2069);
  return control || line_end || direction;
}

bool IsShownText(absl::string_view text, size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes) {
    return false;
  }
  while (!text.empty()) {
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character.has_value() || IsUnshowable(*character)) {
      return false;
    }
  }
  return true;
}

bool IsLanguageTag(absl::string_view tag) {
  if (tag.empty() || tag.size() > kMaxLanguageBytes) {
    return false;
  }
  bool first = true;
  for (const absl::string_view part : absl::StrSplit(tag, '-')) {
    const bool letters_only = std::exchange(first, false);
    if (part.size() < (letters_only ? 2U : 1U) || part.size() > 8 ||
        !std::all_of(part.begin(), part.end(), [&](unsigned char c) {
          return letters_only ? absl::ascii_isalpha(c) : absl::ascii_isalnum(c);
        })) {
      return false;
    }
  }
  return true;
}

}  // namespace commonwage
