// SPDX-License-Identifier: Apache-2.0
// Whether the formulas of a plan mean something: every name is there, nothing
// goes round in a circle, units add up, and the result can vary.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_FORMULA_CHECK_H_
#define COMMONWAGE_SURVEY_QUESTIONS_FORMULA_CHECK_H_

#include "absl/types/span.h"

#include "survey/questions/formula.h"
#include "survey/questions/question.h"
#include "survey/text/json_fields.h"

namespace commonwage {

// Adds every fault of the formulas, with places such as
// "measures[1].numerator[0].measure". Everything named in a sentence is the
// plan's, and public.
//
// Names. A term names a question, or a measure further up in the plan that is
// no choice. The chain of measures is at most kMaxFormulaDepth long. What
// `carried_from` names is a measure of the plan, of the question's currency.
//
// Units. A MONEY question and a PAY measure count as their currency, a NUMBER
// question as its unit, a RATIO as none; a constant takes that of its sum. The
// terms of a sum without `times` have one unit, which is the sum's; where there
// are none, `times` may have made any. No formula has two currencies. PAY is
// its own currency over something that is no money, and no other length of time
// than its period; a RATIO is of equal units.
//
// Results. A formula that gives the same whatever is answered, and one whose
// denominator is never above 0, are faults.
//
// Units and results are looked at once every name is there; a term without one,
// and an empty sum, have a fault already.
void CheckFormulas(absl::Span<const Question> questions,
                   absl::Span<const MeasureFormula> measures,
                   FaultList& faults);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_FORMULA_CHECK_H_
