// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/carried.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "survey/questions/decimal.h"

namespace commonwage {
namespace {

const MeasureFormula* Find(absl::Span<const MeasureFormula> measures,
                           absl::string_view id) {
  for (const MeasureFormula& measure : measures) {
    if (measure.id == id) {
      return &measure;
    }
  }
  return nullptr;
}

Decimal DefaultOf(const Question& question) {
  return Shortened({question.default_units.value_or(0), question.decimals});
}

bool IsSameQuestion(const Question* before, const Question* now) {
  return before != nullptr && now != nullptr && before->kind == now->kind &&
         before->currency == now->currency && before->unit == now->unit &&
         before->default_units.has_value() == now->default_units.has_value() &&
         DefaultOf(*before) == DefaultOf(*now);
}

bool IsSameTerm(const Term& before, const Term& now) {
  const Decimal one{1, 0};
  return before.names == now.names && before.id == now.id &&
         Shortened(before.constant) == Shortened(now.constant) &&
         Shortened(before.times.value_or(one)) ==
             Shortened(now.times.value_or(one));
}

bool AreSameTerms(const std::vector<Term>& before,
                  const std::vector<Term>& now) {
  return std::equal(before.begin(), before.end(), now.begin(), now.end(),
                    IsSameTerm);
}

}  // namespace

bool IsSameComputation(const RoundFormulas& before, const RoundFormulas& now,
                       absl::string_view id) {
  const MeasureFormula* old_one = Find(before.measures, id);
  const MeasureFormula* new_one = Find(now.measures, id);
  if (old_one == nullptr || new_one == nullptr ||
      old_one->kind == MeasureKind::kChoice || old_one->kind != new_one->kind ||
      old_one->currency != new_one->currency ||
      old_one->period != new_one->period ||
      old_one->formula.has_value() != new_one->formula.has_value()) {
    return false;
  }
  if (!new_one->formula.has_value()) {
    return true;
  }
  const Formula& formula = *new_one->formula;
  if (!AreSameTerms(old_one->formula->numerator, formula.numerator) ||
      !AreSameTerms(old_one->formula->denominator, formula.denominator)) {
    return false;
  }
  const auto is_same_below = [&](const Term& term) {
    switch (term.names) {
      case Term::Names::kConstant:
        return true;
      case Term::Names::kQuestion:
        return IsSameQuestion(FindQuestion(before.questions, term.id),
                              FindQuestion(now.questions, term.id));
      case Term::Names::kMeasure:
        break;
    }
    // A measure names only those further up, so this ends.
    return IsSameComputation(before, now, term.id);
  };
  return std::all_of(formula.numerator.begin(), formula.numerator.end(),
                     is_same_below) &&
         std::all_of(formula.denominator.begin(), formula.denominator.end(),
                     is_same_below);
}

std::optional<int64_t> CarriedAnswer(const MeasureFormula& measure,
                                     int64_t value, const Question& question) {
  if (value == kNotApplicable || measure.kind == MeasureKind::kChoice) {
    return std::nullopt;
  }
  Decimal number{value, measure.minor_unit_exponent};
  int64_t scale = 1;
  while (number.decimals > question.decimals) {
    scale *= 10;
    --number.decimals;
  }
  const int64_t magnitude = value < 0 ? -value : value;
  const int64_t rounded =
      magnitude / scale + (magnitude % scale * 2 >= scale ? 1 : 0);
  number.units = scale == 1 ? value : (value < 0 ? -rounded : rounded);
  return UnitsOf(number, question.decimals);
}

}  // namespace commonwage
