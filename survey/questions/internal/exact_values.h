// SPDX-License-Identifier: Apache-2.0
// Formulas over exact rationals of any size. What leaves this folder is
// rounded.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_EXACT_VALUES_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_EXACT_VALUES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include <boost/multiprecision/cpp_int.hpp>

#include "survey/questions/decimal.h"
#include "survey/questions/formula.h"
#include "survey/questions/question.h"

namespace commonwage {

using Rational = boost::multiprecision::cpp_rational;

// What formulas are applied to; nullopt: left empty.
struct ExactInputs {
  std::vector<std::optional<Rational>> questions;  // One per question.
  // One per measure; only those without a formula are looked at.
  std::vector<std::optional<Rational>> measures;
};

// A measure before rounding.
struct ExactValue {
  Rational value = 0;
  WhyNotApplicable why = WhyNotApplicable::kNone;
  std::string because_of = {};
};

// Which denominators a value can have. kNot0 is for asking what a formula can
// give at all; answers are computed with kAbove0.
enum class Denominators { kAbove0, kNot0 };

// Returns units * 10^-decimals.
Rational RationalOf(const Decimal& number);

// Returns the value of each measure. Needs what ComputeMeasures needs; an asked
// measure must not be empty unless it is a choice, whose value is not looked
// at.
std::vector<ExactValue> ExactValuesOf(absl::Span<const Question> questions,
                                      absl::Span<const MeasureFormula> measures,
                                      const ExactInputs& inputs,
                                      Denominators denominators);

// Returns `value` in units of 10^-exponent, rounded half away from zero;
// nullopt beyond kMaxMeasureValue.
std::optional<int64_t> RoundedUnits(const Rational& value, int exponent);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_EXACT_VALUES_H_
