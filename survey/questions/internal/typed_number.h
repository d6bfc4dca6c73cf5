// SPDX-License-Identifier: Apache-2.0
// What number a run of digits and marks can be.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_NUMBER_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_NUMBER_H_

#include <string_view>
#include <vector>

#include "survey/questions/decimal.h"

namespace commonwage {

// Marks that only group digits, or only come before decimals, as Arabic has.
inline constexpr char32_t kArabicGroupMark = U'\u066c';
inline constexpr char32_t kArabicDecimalMark = U'\u066b';

struct NumberReadings {
  // Every number that the run can be, without needless zeros: none, one, or
  // two, and then the one with groups comes first.
  std::vector<Decimal> numbers;
  bool too_long = false;  // It has more digits than any amount; no numbers.
};

// Reads `run`: digits of ASCII with single marks between, or one in front. The
// marks are point, comma, blank, apostrophe and the two of Arabic. Groups are
// of three digits, or, between commas, as India groups.
NumberReadings ReadNumber(std::u32string_view run);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_NUMBER_H_
