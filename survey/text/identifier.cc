// SPDX-License-Identifier: Apache-2.0
#include "survey/text/identifier.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace commonwage {
namespace {

bool IsIdentifierCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '+' || c == '.' || c == '-';
}

}  // namespace

bool IsIdentifier(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxIdentifierLength &&
         std::all_of(text.begin(), text.end(), IsIdentifierCharacter);
}

bool IsRoundId(absl::string_view text) {
  if (text.size() < 3 || text.size() > 2 * kMaxIdentifierLength + 1 ||
      !std::all_of(text.begin(), text.end(), IsIdentifierCharacter)) {
    return false;
  }
  // Some dot must leave an identifier on either side of it.
  for (size_t dot = 1; dot + 1 < text.size(); ++dot) {
    if (text[dot] == '.' && IsIdentifier(text.substr(0, dot)) &&
        IsIdentifier(text.substr(dot + 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace commonwage
