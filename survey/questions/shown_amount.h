// SPDX-License-Identifier: Apache-2.0
// What the device says about what was typed: that it can be read in two ways,
// that it may be a slip, or why it is not taken. A sentence begins with the
// question that it is about, and shows what was understood.
//
// Reveals: what was typed, in its plain form. For the device alone; what leaves
// it says FaultSentence and no more.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_SHOWN_AMOUNT_H_
#define COMMONWAGE_SURVEY_QUESTIONS_SHOWN_AMOUNT_H_

#include <string>

#include "absl/strings/string_view.h"

#include "survey/questions/decimal.h"
#include "survey/questions/typed_amount.h"

namespace commonwage {

// Returns a share as people write it, such as "5.3 %" for 53 thousandths.
std::string ShowPercent(const Decimal& share, absl::string_view mark);

// Returns an amount with its currency or unit, such as "1234.50 EUR", in the
// wording of `language`.
std::string ShowAmount(const Decimal& number, const AmountForm& form,
                       absl::string_view language);

// Returns what is said of `typed`, which was read for a question called `name`:
// which of two it is, once more whether it is right (if it is an amount that is
// not plausible), or why it is refused. Returns "" of an amount that is
// plausible.
std::string SayOfTyped(const TypedAmount& typed, const AmountForm& form,
                       absl::string_view name, absl::string_view language);

// Returns what may be told outside the device of a field whose answer was not
// taken, whatever was typed: what is asked for, in English.
std::string FaultSentence(const AmountForm& form);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_SHOWN_AMOUNT_H_
