// SPDX-License-Identifier: Apache-2.0
// What a device says before it sends: what was computed, and from what, in
// words, so that a slip is noticed by the one person who can.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_SAY_BACK_H_
#define COMMONWAGE_SURVEY_QUESTIONS_SAY_BACK_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "survey/questions/compute.h"
#include "survey/questions/formula.h"
#include "survey/questions/question.h"

namespace commonwage {

// Returns what a plan calls a question or a measure (`value` is ""), an option
// of a measure, or the unit of a question, in the language in which things are
// said; "" if it says nothing: then the ID is said.
using FindLabel = absl::FunctionRef<std::string(absl::string_view id,
                                                absl::string_view value)>;

struct SaidBack {
  std::vector<std::string> sentences;  // One per measure, in order.
  std::string question;                // Such as "Right?".
};

// Says what `computed`, which ComputeMeasures made of the same arguments, is,
// in `language` (BCP 47) or else in English, such as "That is 12.43 EUR an hour
// after costs (paid 310.00 + tips 22.00 - expenses 40.00 - 120 km x 0.30, over
// 20.6 hours)." With more than one measure each sentence begins with its
// measure's name.
//
// Whoever computes with the numbers of a sentence gets the value that is
// sealed: they are not rounded, but for a measure "as above", which stands for
// the exact value that its own sentence gives.
//
// Reveals: the answers. Show it on the device and nowhere else.
SaidBack SayBack(absl::Span<const Question> questions,
                 absl::Span<const MeasureFormula> measures,
                 const GivenAnswers& answers,
                 absl::Span<const ComputedMeasure> computed,
                 absl::string_view language, FindLabel label);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_SAY_BACK_H_
