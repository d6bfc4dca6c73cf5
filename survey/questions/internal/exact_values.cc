// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/exact_values.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include <boost/multiprecision/cpp_int.hpp>

#include "base/check.h"

namespace commonwage {
namespace {

using Integer = boost::multiprecision::cpp_int;

Integer PowerOfTen(int exponent) {
  return boost::multiprecision::pow(Integer(10),
                                    static_cast<unsigned>(exponent));
}

// Computes one measure after the other; each can name those before it.
class Evaluation {
 public:
  Evaluation(absl::Span<const Question> questions,
             absl::Span<const MeasureFormula> measures,
             const ExactInputs& inputs, Denominators denominators)
      : questions_(questions),
        measures_(measures),
        inputs_(inputs),
        denominators_(denominators) {}

  std::vector<ExactValue> Values() && {
    for (size_t i = 0; i < measures_.size(); ++i) {
      values_.push_back(ValueOf(i));
    }
    return std::move(values_);
  }

 private:
  ExactValue ValueOf(size_t index) {
    const MeasureFormula& measure = measures_[index];
    ExactValue result;
    if (!measure.formula.has_value()) {
      result.value = inputs_.measures[index].value_or(Rational(0));
      return result;
    }
    const Rational numerator = SumOf(measure.formula->numerator, result);
    const Rational denominator =
        measure.formula->denominator.empty()
            ? Rational(1)
            : SumOf(measure.formula->denominator, result);
    const bool divides = denominators_ == Denominators::kAbove0
                             ? denominator > 0
                             : denominator != 0;
    if (result.why == WhyNotApplicable::kNone && !divides) {
      result.why = WhyNotApplicable::kDenominator;
      result.because_of = measure.id;
    }
    if (result.why == WhyNotApplicable::kNone) {
      result.value = numerator / denominator;
    }
    return result;
  }

  // Notes in `result` the first term that has no value.
  Rational SumOf(absl::Span<const Term> terms, ExactValue& result) {
    Rational sum = 0;
    for (const Term& term : terms) {
      const Rational times =
          term.times.has_value() ? RationalOf(*term.times) : Rational(1);
      sum += times * NamedBy(term, result);
    }
    return sum;
  }

  Rational NamedBy(const Term& term, ExactValue& result) {
    switch (term.names) {
      case Term::Names::kConstant:
        return RationalOf(term.constant);
      case Term::Names::kQuestion: {
        const auto index = QuestionIndex(questions_, term.id);
        COMMONWAGE_CHECK(index.has_value());
        const std::optional<Rational>& answer = inputs_.questions[*index];
        if (!answer.has_value()) {
          Note(WhyNotApplicable::kQuestionEmpty, term.id, result);
        }
        return answer.value_or(Rational(0));
      }
      case Term::Names::kMeasure:
        break;
    }
    for (size_t i = 0; i < values_.size(); ++i) {
      if (measures_[i].id == term.id) {
        if (values_[i].why != WhyNotApplicable::kNone) {
          Note(WhyNotApplicable::kMeasure, term.id, result);
        }
        return values_[i].value;
      }
    }
    COMMONWAGE_CHECK(false);  // It names no earlier measure.
    return 0;
  }

  static void Note(WhyNotApplicable why, const std::string& id,
                   ExactValue& result) {
    if (result.why == WhyNotApplicable::kNone) {
      result.why = why;
      result.because_of = id;
    }
  }

  absl::Span<const Question> questions_;
  absl::Span<const MeasureFormula> measures_;
  const ExactInputs& inputs_;
  Denominators denominators_;
  std::vector<ExactValue> values_;
};

}  // namespace

Rational RationalOf(const Decimal& number) {
  return Rational(Integer(number.units), PowerOfTen(number.decimals));
}

std::vector<ExactValue> ExactValuesOf(absl::Span<const Question> questions,
                                      absl::Span<const MeasureFormula> measures,
                                      const ExactInputs& inputs,
                                      Denominators denominators) {
  COMMONWAGE_CHECK(inputs.questions.size() == questions.size() &&
                   inputs.measures.size() == measures.size());
  return Evaluation(questions, measures, inputs, denominators).Values();
}

std::optional<int64_t> RoundedUnits(const Rational& value, int exponent) {
  const Integer numerator =
      boost::multiprecision::numerator(value) * PowerOfTen(exponent);
  const Integer denominator = boost::multiprecision::denominator(value);
  const Integer magnitude =
      (2 * boost::multiprecision::abs(numerator) + denominator) /
      (2 * denominator);
  if (magnitude > kMaxMeasureValue) {
    return std::nullopt;
  }
  const auto units = magnitude.convert_to<int64_t>();
  return numerator < 0 ? -units : units;
}

}  // namespace commonwage
