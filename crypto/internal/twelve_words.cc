// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/twelve_words.h"

#include <cstddef>
#include <optional>

#include "absl/strings/str_join.h"

#include "base/typed_text.h"
#include "crypto/internal/word_bits.h"
#include "crypto/internal/word_list.h"

namespace commonwage::crypto {
namespace {

constexpr size_t kWords = 12;

}  // namespace

std::string TwelveWords(absl::string_view bytes) {
  std::vector<absl::string_view> words;
  words.reserve(kWords);
  for (size_t i = 0; i < kWords; ++i) {
    words.push_back(WordAt(WordIndexAt(bytes, i)));
  }
  return absl::StrJoin(words, " ");
}

std::vector<absl::string_view> GroupsOf(absl::string_view typed) {
  return SplitTyped(typed, [](char32_t character) {
    return IsBlank(character) || IsDash(character) || character == ':' ||
           character == ',' || character == '.';
  });
}

std::string CompleteTwelveWords(const std::vector<absl::string_view>& groups) {
  if (groups.size() != kWords) {
    return "";
  }
  std::vector<absl::string_view> words;
  for (const absl::string_view group : groups) {
    const std::optional<size_t> index = FindWord(group);
    if (!index.has_value()) {
      return "";
    }
    words.push_back(WordAt(*index));
  }
  return absl::StrJoin(words, " ");
}

}  // namespace commonwage::crypto
