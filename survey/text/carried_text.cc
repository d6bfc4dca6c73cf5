// SPDX-License-Identifier: Apache-2.0
#include "survey/text/carried_text.h"

#include <cstddef>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "base/typed_text.h"
#include "survey/text/identifier.h"

namespace commonwage {
namespace {

constexpr size_t kLineLength = 64;

}  // namespace

std::string WriteCarriedText(absl::string_view head, const CarriedText& parts) {
  std::string text = absl::StrCat(head, " ", parts.round_id, "\n");
  const std::string encoded = absl::Base64Escape(parts.bytes);
  for (size_t at = 0; at < encoded.size(); at += kLineLength) {
    absl::StrAppend(&text, encoded.substr(at, kLineLength), "\n");
  }
  return text;
}

std::optional<CarriedText> ReadCarriedText(absl::string_view head,
                                           absl::string_view text) {
  std::vector<absl::string_view> words = SplitTyped(text, IsBlank);
  if (words.size() < 3 || words[0] != head || !IsRoundId(words[1])) {
    return std::nullopt;
  }
  CarriedText parts;
  parts.round_id = std::string(words[1]);
  words.erase(words.begin(), words.begin() + 2);
  if (!absl::Base64Unescape(absl::StrJoin(words, ""), &parts.bytes)) {
    return std::nullopt;
  }
  return parts;
}

}  // namespace commonwage
