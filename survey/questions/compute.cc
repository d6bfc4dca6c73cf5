// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/compute.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"

#include "base/check.h"
#include "base/error.h"
#include "survey/questions/decimal.h"
#include "survey/questions/internal/exact_values.h"

namespace commonwage {
namespace {

bool WithinBounds(int64_t units) {
  return units >= -kMaxDecimalUnits && units <= kMaxDecimalUnits;
}

std::optional<Rational> ExactAnswer(const Question& question,
                                    std::optional<int64_t> units,
                                    std::vector<Fault>& faults) {
  if (!units.has_value()) {
    units = question.default_units;
  }
  if (!units.has_value()) {
    if (!question.optional) {
      faults.push_back({question.id, "Please answer this question."});
    }
    return std::nullopt;
  }
  if (!WithinBounds(*units)) {
    faults.push_back({question.id, "This is too large; please check it."});
    return std::nullopt;
  }
  return RationalOf({*units, question.decimals});
}

// A choice's value is its option's index, which no formula can name.
std::optional<Rational> ExactAsked(const MeasureFormula& measure,
                                   std::optional<int64_t> value,
                                   std::vector<Fault>& faults) {
  if (!value.has_value()) {
    faults.push_back({measure.id, "Please answer this question."});
    return std::nullopt;
  }
  if (measure.kind == MeasureKind::kChoice &&
      (*value < 0 || *value >= static_cast<int64_t>(measure.options.size()))) {
    faults.push_back(
        {measure.id, absl::StrCat("Please choose one of: ",
                                  absl::StrJoin(measure.options, ", "), ".")});
    return std::nullopt;
  }
  if (!WithinBounds(*value)) {
    faults.push_back({measure.id, "This is too large; please check it."});
    return std::nullopt;
  }
  return RationalOf({*value, measure.minor_unit_exponent});
}

// Says what a result rests on, so that a slip is looked for in the right place.
std::string TooLargeSentence(const MeasureFormula& measure) {
  std::vector<std::string> names;
  if (measure.formula.has_value()) {
    for (const auto* terms :
         {&measure.formula->numerator, &measure.formula->denominator}) {
      for (const Term& term : *terms) {
        if (term.names != Term::Names::kConstant) {
          names.push_back(term.id);
        }
      }
    }
  }
  return absl::StrCat("The result is too large to be counted; please check: ",
                      absl::StrJoin(names, ", "), ".");
}

ComputedMeasure Rounded(const MeasureFormula& measure, const ExactValue& exact,
                        std::vector<Fault>& faults) {
  if (exact.why != WhyNotApplicable::kNone) {
    return {kNotApplicable, exact.why, exact.because_of};
  }
  const std::optional<int64_t> value =
      RoundedUnits(exact.value, measure.minor_unit_exponent);
  if (!value.has_value()) {
    faults.push_back({measure.id, TooLargeSentence(measure)});
  }
  return {value.value_or(0), WhyNotApplicable::kNone, ""};
}

absl::Status Refused(const std::vector<Fault>& faults) {
  return RefusalOfFields(Reason::kAnswerRefused,
                         "The answer is not complete yet; nothing was sent.",
                         faults);
}

}  // namespace

absl::StatusOr<std::vector<ComputedMeasure>> ComputeMeasures(
    absl::Span<const Question> questions,
    absl::Span<const MeasureFormula> measures, const GivenAnswers& answers) {
  COMMONWAGE_CHECK(answers.questions.size() == questions.size() &&
                   answers.measures.size() == measures.size());
  std::vector<Fault> faults;
  ExactInputs inputs;
  for (size_t i = 0; i < questions.size(); ++i) {
    inputs.questions.push_back(
        ExactAnswer(questions[i], answers.questions[i], faults));
  }
  for (size_t i = 0; i < measures.size(); ++i) {
    inputs.measures.push_back(
        measures[i].formula.has_value()
            ? std::nullopt
            : ExactAsked(measures[i], answers.measures[i], faults));
  }
  if (!faults.empty()) {
    return Refused(faults);
  }
  const std::vector<ExactValue> exact =
      ExactValuesOf(questions, measures, inputs, Denominators::kAbove0);
  std::vector<ComputedMeasure> computed;
  for (size_t i = 0; i < measures.size(); ++i) {
    computed.push_back(Rounded(measures[i], exact[i], faults));
  }
  if (!faults.empty()) {
    return Refused(faults);
  }
  return computed;
}

}  // namespace commonwage
