// SPDX-License-Identifier: Apache-2.0
// Measures out of answers, on the device: exact rationals, rounded once, half
// away from zero, to the measure's minor unit.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_COMPUTE_H_
#define COMMONWAGE_SURVEY_QUESTIONS_COMPUTE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "survey/questions/formula.h"
#include "survey/questions/question.h"

namespace commonwage {

// What a person answered. Private: never log or store one.
struct GivenAnswers {
  // One per question, in units of its last decimal; nullopt: left empty.
  std::vector<std::optional<int64_t>> questions;
  // One per measure; only those without a formula are looked at: minor units,
  // or the index of an option.
  std::vector<std::optional<int64_t>> measures;
};

struct ComputedMeasure {
  int64_t value = 0;  // Minor units, an option's index, or kNotApplicable.
  WhyNotApplicable why = WhyNotApplicable::kNone;
  std::string because_of = {};  // The question or measure that `why` means.

  friend bool operator==(const ComputedMeasure&,
                         const ComputedMeasure&) = default;
};

// Returns the value of each measure, in order. A question that was left empty
// counts as its default if it has one.
//
// A measure is not applicable where an optional question that it names was left
// empty, where its denominator is not above 0, or where a measure that it names
// is not applicable; the first of these, in the order of the formula, is why.
//
// Needs formulas in which CheckFormulas of survey/questions/formula_check.h
// found no fault, and an entry per question and measure; aborts otherwise.
//
// Fails with INVALID_ARGUMENT, reason ANSWER_REFUSED, if a question that is not
// optional, or a measure that is asked, was left empty; if an answer is beyond
// kMaxDecimalUnits, or no option; or if a value is beyond kMaxMeasureValue.
// FaultsOf() names each such field. Reveals: the error never repeats an answer.
absl::StatusOr<std::vector<ComputedMeasure>> ComputeMeasures(
    absl::Span<const Question> questions,
    absl::Span<const MeasureFormula> measures, const GivenAnswers& answers);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_COMPUTE_H_
