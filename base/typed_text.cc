// SPDX-License-Identifier: Apache-2.0
#include "base/typed_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace commonwage {
namespace {

// What the first byte of a character says of it.
struct Form {
  size_t size = 0;        // In bytes; 0: no character begins so.
  char32_t bits = 0;      // Those that the first byte carries.
  char32_t smallest = 0;  // A smaller one has a shorter form.
};

Form FormOf(uint8_t first) {
  if (first < 0x80) {
    return {1, first, 0};
  }
  if ((first & 0xe0U) == 0xc0) {
    return {2, first & 0x1fU, 0x80};
  }
  if ((first & 0xf0U) == 0xe0) {
    return {3, first & 0x0fU, 0x800};
  }
  if ((first & 0xf8U) == 0xf0) {
    return {4, first & 0x07U, 0x10000};
  }
  return {};
}

bool IsAmong(char32_t character, absl::string_view characters) {
  while (!characters.empty()) {
    if (TakeCharacter(characters) == character) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<char32_t> TakeCharacter(absl::string_view& text) {
  const Form form = FormOf(static_cast<uint8_t>(text.front()));
  if (form.size == 0 || text.size() < form.size) {
    return std::nullopt;
  }
  char32_t character = form.bits;
  for (size_t i = 1; i < form.size; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0U) != 0x80) {
      return std::nullopt;
    }
    character = (character << 6U) | (byte & 0x3fU);
  }
  const bool surrogate = character >= 0xd800 && character < 0xe000;
  if (character < form.smallest || character > 0x10ffff || surrogate) {
    return std::nullopt;
  }
  text.remove_prefix(form.size);
  return character;
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    if (!TakeCharacter(text).has_value()) {
      return false;
    }
  }
  return true;
}

void AppendCharacter(char32_t character, std::string& text) {
  const auto tail = [&](unsigned shift) {
    text += static_cast<char>(0x80U | ((character >> shift) & 0x3fU));
  };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xc0U | (character >> 6U));
    tail(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xe0U | (character >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0U | (character >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

size_t CountCharacters(absl::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) {
    if (!TakeCharacter(text).has_value()) {
      text.remove_prefix(1);
    }
  }
  return count;
}

bool IsBlank(char32_t character) {
  // Unicode's White_Space, then what has no width: joiners and the byte order
  // mark, and the soft hyphen that a line may be broken at.
  const bool control = character >= 0x09 && character <= 0x0d;
  const bool space = character >= 0x2000 && character <= 0x200b;
  return control || space ||
         IsAmong(character,
                 " \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"
                 "\u00ad\u180e\u200c\u200d\u200e\u200f\u2060\ufeff");
}

bool IsDash(char32_t character) {
  // Unicode's Dash_Punctuation, and what is typed for it.
  const bool hyphen = character >= 0x2010 && character <= 0x2015;
  return hyphen || character == '-' ||
         IsAmong(character,
                 "\u02d7\u058a\u05be\u1400\u1806\u2043\u207b\u208b\u2212\u2796"
                 "\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31"
                 "\ufe32\ufe58\ufe63\uff0d");
}

char32_t NarrowForm(char32_t character) {
  return character >= 0xff01 && character <= 0xff5e ? character - 0xfee0
                                                    : character;
}

absl::string_view TrimTyped(absl::string_view text) {
  absl::string_view rest = text;
  size_t begin = text.size();
  size_t end = text.size();
  while (!rest.empty()) {
    const size_t at = text.size() - rest.size();
    const std::optional<char32_t> character = TakeCharacter(rest);
    if (!character.has_value()) {
      rest.remove_prefix(1);
    } else if (IsBlank(*character)) {
      continue;
    }
    begin = std::min(begin, at);
    end = text.size() - rest.size();
  }
  return text.substr(begin, end - begin);
}

std::vector<absl::string_view> SplitTyped(
    absl::string_view text, absl::FunctionRef<bool(char32_t)> separates) {
  std::vector<absl::string_view> parts;
  absl::string_view rest = text;
  size_t begin = 0;
  while (!rest.empty()) {
    const size_t at = text.size() - rest.size();
    const std::optional<char32_t> character = TakeCharacter(rest);
    if (!character.has_value()) {
      rest.remove_prefix(1);
    } else if (separates(*character)) {
      parts.push_back(text.substr(begin, at - begin));
      begin = text.size() - rest.size();
    }
  }
  parts.push_back(text.substr(begin));
  parts.erase(std::remove(parts.begin(), parts.end(), absl::string_view()),
              parts.end());
  return parts;
}

}  // namespace commonwage
