// SPDX-License-Identifier: Apache-2.0
// What was typed, cut into numbers, words and signs.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_TOKENS_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_TOKENS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace commonwage {

struct TypedToken {
  enum class Kind { kNumber, kWord, kDash, kPercent, kColon, kOther };

  Kind kind = Kind::kOther;
  std::u32string run = {};  // Of a kNumber: as ReadNumber takes it.
  std::string word = {};    // Of a kWord: without a point behind it.
};

// Cuts `typed`. Characters that cannot be seen, and blanks that part nothing,
// are passed over. Returns nullopt if it is not UTF-8, or has digits of two
// kinds.
std::optional<std::vector<TypedToken>> TokensOf(absl::string_view typed);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_TOKENS_H_
