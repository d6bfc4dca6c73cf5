// SPDX-License-Identifier: Apache-2.0
// Whether formulas can give anything: the third part of CheckFormulas.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_FORMULA_RESULTS_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_FORMULA_RESULTS_H_

#include "absl/types/span.h"

#include "survey/questions/formula.h"
#include "survey/questions/question.h"
#include "survey/text/json_fields.h"

namespace commonwage {

// Adds a fault per formula that can only give one value, or none. Needs every
// name to be there.
void CheckResults(absl::Span<const Question> questions,
                  absl::Span<const MeasureFormula> measures, FaultList& faults);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_FORMULA_RESULTS_H_
