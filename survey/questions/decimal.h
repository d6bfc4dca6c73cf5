// SPDX-License-Identifier: Apache-2.0
// A decimal number as it was written: exact, with as many decimals as there
// were, so that it can be shown again in the same form.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_DECIMAL_H_
#define COMMONWAGE_SURVEY_QUESTIONS_DECIMAL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage {

// units * 10^-decimals.
struct Decimal {
  int64_t units = 0;
  int decimals = 0;  // 0 to 18.

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

// No answer, factor or constant is larger, in units of its last decimal.
inline constexpr int64_t kMaxDecimalUnits = 1'000'000'000'000'000;

// Reads a number as plans write it: an optional minus, digits without a zero in
// front, and after a point at most `max_decimals` more, such as "-0.30".
// Returns nullopt for anything else, and beyond kMaxDecimalUnits.
std::optional<Decimal> ParseDecimal(absl::string_view text, int max_decimals);

// Returns `number` in units of 10^-decimals, if it is a whole number of them
// within +-kMaxDecimalUnits; otherwise nullopt. Needs 0 <= decimals <= 18.
std::optional<int64_t> UnitsOf(const Decimal& number, int decimals);

// Returns `number` without zeros behind its last decimal that is none.
Decimal Shortened(Decimal number);

// Returns `number` as plans write it.
std::string WriteDecimal(const Decimal& number);

// Returns `number` for people: `mark` before the decimals, and a narrow space
// that no line breaks at (U+202F) between groups of three digits where there
// are more than four; neither can be taken for the other.
std::string ShowDecimal(const Decimal& number, absl::string_view mark);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_DECIMAL_H_
