// SPDX-License-Identifier: Apache-2.0
// A look at a JSON text before a parser sees it. Parsers recurse, and some take
// time that grows with the square of the depth, or worse: 64,000 brackets keep
// protobuf's busy for minutes. Whoever parses JSON from outside asks here
// first.

#ifndef COMMONWAGE_BASE_JSON_BOUNDS_H_
#define COMMONWAGE_BASE_JSON_BOUNDS_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace commonwage {

// More than any of our files and messages needs: a plan nests five deep, and
// one of a megabyte has fewer tokens.
inline constexpr size_t kMaxJsonDepth = 16;
inline constexpr size_t kMaxJsonTokens = 1'500'000;

// Returns the place of the first character at which `json` nests deeper than
// kMaxJsonDepth or has more than kMaxJsonTokens brackets, commas, colons and
// texts; nullopt if it does neither. Reads from front to back once, without
// recursion; whether the text is JSON at all is the parser's to judge.
std::optional<size_t> FindBeyondJsonBounds(absl::string_view json);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_JSON_BOUNDS_H_
