// SPDX-License-Identifier: Apache-2.0
// Everything that a person or a program answered at once, as lines ID=VALUE
// say it.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_ANSWER_SHEET_H_
#define COMMONWAGE_SURVEY_QUESTIONS_ANSWER_SHEET_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "survey/questions/compute.h"
#include "survey/questions/formula.h"
#include "survey/questions/question.h"
#include "survey/questions/say_back.h"

namespace commonwage {

// Private, but for `faults`: never log or store the rest.
struct AnswerSheet {
  GivenAnswers answers;
  // Every field that was not taken, named by its ID ("" for what is not asked
  // at all), with a sentence that tells nothing of what was typed.
  std::vector<Fault> faults;
  // For the device alone: of each fault, in the same order, what was
  // understood; and of each amount that was taken although it is not
  // plausible, the question whether it is right.
  std::vector<std::string> explanations;
  std::vector<std::string> questions_back;
};

// Reads `entries`, an ID and what was typed for it, for the questions and for
// the measures that are asked themselves. Blank text leaves a question empty.
// An option is given by its name or its label. What can be read in two ways is
// a fault: nobody is there to be asked.
//
// Needs formulas without faults. Whether something is missing is for
// ComputeMeasures to say.
AnswerSheet ReadAnswerSheet(
    absl::Span<const Question> questions,
    absl::Span<const MeasureFormula> measures,
    absl::Span<const std::pair<std::string, std::string>> entries,
    absl::string_view language, FindLabel label);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_ANSWER_SHEET_H_
