// SPDX-License-Identifier: Apache-2.0
// Questions and formulas inside a plan's JSON: docs/FORMATS.md, "Plan". For
// this folder and plans only.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_QUESTIONS_JSON_H_
#define COMMONWAGE_SURVEY_QUESTIONS_QUESTIONS_JSON_H_

#include <vector>

#include "absl/types/span.h"

#include "survey/questions/formula.h"
#include "survey/questions/question.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {

// Returns the questions of the optional list `questions` of a plan, whose own
// object `plan` reads. What is wrong is added to `faults`, and stays empty or
// 0 in what is returned.
std::vector<Question> ReadQuestionList(FieldReader& plan, FaultList& faults);

// Returns what `measure`, the object of a measure in a plan, says of its value:
// id, kind, currency, period, minor_unit_exponent, options, numerator and
// denominator. A measure without a kind is PAY. The grid, and unknown fields,
// are left to the caller.
MeasureFormula ReadMeasureFormula(FieldReader& measure, FaultList& faults);

// Write the same: the whole list `questions`, if there are any; and the fields
// of one measure, inside its object.
void WriteQuestionList(absl::Span<const Question> questions,
                       JsonWriter& writer);
void WriteMeasureFormula(const MeasureFormula& measure, JsonWriter& writer);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_QUESTIONS_JSON_H_
