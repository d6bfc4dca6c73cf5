// SPDX-License-Identifier: Apache-2.0
#include "base/json_bounds.h"

namespace commonwage {

std::optional<size_t> FindBeyondJsonBounds(absl::string_view json) {
  size_t depth = 0;
  size_t tokens = 0;
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      i += c == '\\' ? 1 : 0;
      in_text = c != '"';
      continue;
    }
    switch (c) {
      case '{':
      case '[':
        ++depth;
        ++tokens;
        break;
      case '}':
      case ']':
        depth -= depth > 0 ? 1 : 0;
        ++tokens;
        break;
      case '"':
        in_text = true;
        ++tokens;
        break;
      case ',':
      case ':':
        ++tokens;
        break;
      default:
        break;
    }
    if (depth > kMaxJsonDepth || tokens > kMaxJsonTokens) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace commonwage
