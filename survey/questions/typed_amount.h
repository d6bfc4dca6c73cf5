// SPDX-License-Identifier: Apache-2.0
// Amounts as people type them, read on their device. What can be read in two
// ways is never guessed: it is asked.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_TYPED_AMOUNT_H_
#define COMMONWAGE_SURVEY_QUESTIONS_TYPED_AMOUNT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "survey/questions/decimal.h"
#include "survey/questions/formula.h"
#include "survey/questions/question.h"

namespace commonwage {

// What is asked for: money, a number of a unit, or a share.
struct AmountForm {
  enum class Kind { kMoney, kNumber, kShare };

  Kind kind = Kind::kMoney;
  std::string currency = {};  // Of kMoney.
  std::string unit = {};      // Of kNumber.
  int decimals = 0;           // An amount is in units of 10^-decimals.
  std::optional<PlausibleRange> plausible = {};
  bool takes_negative = false;
};

// Return the form of a question's answers, and that of a measure that is asked
// itself, which must be no choice.
AmountForm FormOf(const Question& question);
AmountForm FormOf(const MeasureFormula& measure);

enum class TypedFault {
  kNone,
  kEmpty,
  kUnreadable,  // Not UTF-8, or longer than any amount.
  kUnknown,     // There is no number, or more than a number.
  kMarks,       // Its points and commas make no number.
  kTwoNumbers,
  kOtherCurrency,
  kOtherUnit,
  kDecimals,  // More than the form has.
  kNegative,
  kTooLarge,  // Beyond kMaxDecimalUnits.
};

enum class TypedOutcome {
  kAmount,   // It is `units`.
  kWhich,    // It can be either of two `readings`.
  kRefused,  // For the reason that `fault` names.
};

// What was understood. Private: never log or store one.
struct TypedAmount {
  TypedOutcome outcome = TypedOutcome::kRefused;
  TypedFault fault = TypedFault::kNone;
  int64_t units = 0;      // Of kAmount.
  bool plausible = true;  // Of kAmount. If not: ask once more, then accept.
  // The numbers that were read, without needless zeros; the amount is one, and
  // of kWhich there are two. Of a share 1 is the whole.
  std::vector<Decimal> readings = {};
  // The currency or unit that was read with them, as the tables of this folder
  // write it, never as it was typed; or "".
  std::string mark = {};

  friend bool operator==(const TypedAmount&, const TypedAmount&) = default;
};

inline constexpr size_t kMaxTypedBytes = 200;

// Reads what was typed.
//
// Digits are those of ASCII, their wide forms, and the Arabic ones, eastern or
// western, of one kind in a number. Decimals come after a point, a comma or the
// Arabic mark; groups of three are parted by one kind of point, comma, blank,
// apostrophe or the Arabic mark, or by commas as in India. "k" behind a number
// is a thousand of it. ",-" and ".-" are no decimals. The form's currency or
// unit may stand on either side. Hours are also read as "7:30", "7h30" and
// "45 min", rounded to the form's decimals, half away from zero.
//
// One point or comma with three digits behind it, and one to three in front
// that do not begin with 0, is read both ways. A share without "%" is too: it
// can be of one or of a hundred. If exactly one reading has no more decimals
// than the form and is plausible it is taken; otherwise it is asked which.
//
// Reveals: what it returns may be shown on the device and nowhere else.
TypedAmount ReadTypedAmount(absl::string_view typed, const AmountForm& form);

// Return the names that the shared vectors use, such as "TWO_NUMBERS".
absl::string_view NameOf(TypedFault fault);
absl::string_view NameOf(TypedOutcome outcome);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_TYPED_AMOUNT_H_
