// SPDX-License-Identifier: Apache-2.0
// Whether the units of formulas add up: the second part of CheckFormulas.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_FORMULA_UNITS_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_FORMULA_UNITS_H_

#include "absl/types/span.h"

#include "survey/questions/formula.h"
#include "survey/questions/question.h"
#include "survey/text/json_fields.h"

namespace commonwage {

// Adds a fault per formula whose units do not add up. Needs every name to be
// there.
void CheckUnits(absl::Span<const Question> questions,
                absl::Span<const MeasureFormula> measures, FaultList& faults);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_FORMULA_UNITS_H_
