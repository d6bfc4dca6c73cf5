// SPDX-License-Identifier: Apache-2.0
// What a person's last answer offers to the next round: the growth of the same
// people, with no link between rounds on any server.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_CARRIED_H_
#define COMMONWAGE_SURVEY_QUESTIONS_CARRIED_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "survey/questions/formula.h"
#include "survey/questions/question.h"

namespace commonwage {

// The questions and measures of one round's plan.
struct RoundFormulas {
  absl::Span<const Question> questions;
  absl::Span<const MeasureFormula> measures;
};

// Whether the measure `id` is computed in the same way in both rounds: its
// kind, currency, period and formula are equal, and so is, all the way down,
// what the formula names: a question's kind, currency, unit and default. Texts,
// plausible ranges, decimals and minor units may differ. False if it is not in
// both, or is a choice.
bool IsSameComputation(const RoundFormulas& before, const RoundFormulas& now,
                       absl::string_view id);

// Returns `value` of `measure`, in minor units, as an answer to `question`: in
// units of its last decimal, rounded half away from zero. Returns nullopt if
// the measure was not applicable, or the answer would be beyond
// kMaxDecimalUnits.
std::optional<int64_t> CarriedAnswer(const MeasureFormula& measure,
                                     int64_t value, const Question& question);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_CARRIED_H_
