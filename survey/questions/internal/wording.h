// SPDX-License-Identifier: Apache-2.0
// What a device says about answers, in the languages that it speaks. A language
// is a row of the table in wording.cc; sentences have $0 and $1 for what is
// filled in.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_WORDING_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_WORDING_H_

#include <array>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage {

struct Wording {
  absl::string_view language;                // Such as "de".
  absl::string_view decimal_mark;            // "." or ",".
  std::array<absl::string_view, 5> periods;  // In the order of PayPeriod.

  // Of what is said back.
  absl::string_view after_costs;
  absl::string_view that_is;   // $0: the amount and, in brackets, its parts.
  absl::string_view over;      // $0: a denominator.
  absl::string_view as_above;  // Behind the value of an earlier measure.
  absl::string_view right;     // The question at the end.
  absl::string_view not_answered;      // $0: measure, $1: question.
  absl::string_view not_above_0;       // $0: measure.
  absl::string_view rests_on_nothing;  // $0: measure, $1: another.

  // Of amounts that are asked about again. $0: the question.
  absl::string_view which;     // $1 and $2: the readings.
  absl::string_view slip_low;  // $1: the amount.
  absl::string_view slip_high;

  // Of amounts that are not taken. $0: the question, $1: what is asked for, $2:
  // what was understood.
  absl::string_view empty;
  absl::string_view unreadable;
  absl::string_view unknown;
  absl::string_view unknown_alone;  // No number was understood.
  absl::string_view marks;
  absl::string_view two_numbers;
  absl::string_view other;  // Currency or unit.
  absl::string_view decimals;
  absl::string_view negative;
  absl::string_view too_large;

  // What is asked for. $0: the currency or unit, $1: an example.
  absl::string_view money;
  absl::string_view number;
  absl::string_view share;
  absl::string_view and_word;
};

// Returns the wording of a BCP 47 tag's language, or else the English one.
const Wording& WordingFor(absl::string_view language);

// Returns a unit in words, such as "hours" for "hour"; `one` is for exactly 1.
// A unit that is not known here is returned as it is.
std::string UnitInWords(const Wording& wording, absl::string_view unit,
                        bool one);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_WORDING_H_
