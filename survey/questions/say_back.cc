// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/say_back.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "absl/types/span.h"

#include "base/check.h"
#include "survey/questions/decimal.h"
#include "survey/questions/internal/wording.h"
#include "survey/questions/shown_amount.h"

namespace commonwage {
namespace {

bool HasCosts(const MeasureFormula& measure) {
  return measure.formula.has_value() &&
         std::any_of(measure.formula->numerator.begin(),
                     measure.formula->numerator.end(), [](const Term& term) {
                       return term.times.has_value() && term.times->units < 0;
                     });
}

class Teller {
 public:
  Teller(absl::Span<const Question> questions,
         absl::Span<const MeasureFormula> measures, const GivenAnswers& answers,
         absl::Span<const ComputedMeasure> computed, const Wording& wording,
         FindLabel label)
      : questions_(questions),
        measures_(measures),
        answers_(answers),
        computed_(computed),
        wording_(wording),
        label_(label) {}

  [[nodiscard]] std::string Sentence(size_t index) const {
    const MeasureFormula& measure = measures_[index];
    const std::string name = NameFor(measure.id, "");
    switch (computed_[index].why) {
      case WhyNotApplicable::kQuestionEmpty:
        return absl::Substitute(wording_.not_answered, name,
                                NameFor(computed_[index].because_of, ""));
      case WhyNotApplicable::kDenominator:
        return absl::Substitute(wording_.not_above_0, name);
      case WhyNotApplicable::kMeasure:
        return absl::Substitute(wording_.rests_on_nothing, name,
                                NameFor(computed_[index].because_of, ""));
      case WhyNotApplicable::kNone:
        break;
    }
    std::string said = Value(index);
    if (measure.kind == MeasureKind::kPay) {
      absl::StrAppend(
          &said, " ", wording_.periods[static_cast<size_t>(measure.period)],
          HasCosts(measure) ? absl::StrCat(" ", wording_.after_costs) : "");
    }
    if (measure.formula.has_value()) {
      absl::StrAppend(&said, " (", Parts(*measure.formula), ")");
    }
    return measures_.size() == 1 && measure.kind != MeasureKind::kChoice
               ? absl::Substitute(wording_.that_is, said)
               : absl::StrCat(name, ": ", said, ".");
  }

 private:
  [[nodiscard]] std::string NameFor(absl::string_view id,
                                    absl::string_view value) const {
    std::string name = label_(id, value);
    return name.empty() ? std::string(value.empty() ? id : value) : name;
  }

  // A measure's value as it is sealed.
  [[nodiscard]] std::string Value(size_t index) const {
    const MeasureFormula& measure = measures_[index];
    const int64_t value = computed_[index].value;
    if (measure.kind == MeasureKind::kChoice) {
      return NameFor(measure.id, measure.options[static_cast<size_t>(value)]);
    }
    const Decimal number{value, measure.minor_unit_exponent};
    return measure.kind == MeasureKind::kRatio
               ? ShowPercent(number, wording_.decimal_mark)
               : absl::StrCat(ShowDecimal(number, wording_.decimal_mark), " ",
                              measure.currency);
  }

  [[nodiscard]] std::string Parts(const Formula& formula) const {
    std::string parts = Sum(formula.numerator);
    if (!formula.denominator.empty()) {
      absl::StrAppend(
          &parts, ", ",
          absl::Substitute(wording_.over, Sum(formula.denominator)));
    }
    return parts;
  }

  [[nodiscard]] std::string Sum(const std::vector<Term>& terms) const {
    std::string sum;
    for (const Term& term : terms) {
      Decimal times = term.times.value_or(Decimal{1, 0});
      const bool minus = times.units < 0;
      times.units = minus ? -times.units : times.units;
      absl::StrAppend(&sum, sum.empty() ? "" : " ",
                      minus ? "- " : (sum.empty() ? "" : "+ "), Named(term));
      if (Shortened(times) != Decimal{1, 0}) {
        absl::StrAppend(&sum, " x ", Shown(times));
      }
    }
    return sum;
  }

  [[nodiscard]] std::string Named(const Term& term) const {
    switch (term.names) {
      case Term::Names::kConstant:
        return Shown(term.constant);
      case Term::Names::kQuestion: {
        const auto index = QuestionIndex(questions_, term.id);
        COMMONWAGE_CHECK(index.has_value());
        return Answered(*index);
      }
      case Term::Names::kMeasure:
        break;
    }
    size_t index = 0;
    while (measures_[index].id != term.id) {
      ++index;
    }
    return absl::StrCat(NameFor(term.id, ""), " ", Value(index), " (",
                        wording_.as_above, ")");
  }

  [[nodiscard]] std::string Answered(size_t index) const {
    const Question& question = questions_[index];
    const int64_t units =
        answers_.questions[index].value_or(question.default_units.value_or(0));
    const Decimal number{units, question.decimals};
    if (question.kind == QuestionKind::kMoney) {
      return absl::StrCat(NameFor(question.id, ""), " ", Shown(number));
    }
    // The unit says which question is meant, if no other has it.
    const auto same_unit = std::count_if(
        questions_.begin(), questions_.end(),
        [&](const Question& other) { return other.unit == question.unit; });
    return absl::StrCat(
        same_unit > 1 ? absl::StrCat(NameFor(question.id, ""), " ") : "",
        Shown(number), " ", UnitOf(question, number));
  }

  [[nodiscard]] std::string UnitOf(const Question& question,
                                   const Decimal& number) const {
    const std::string label = label_(question.id, question.unit);
    return label.empty()
               ? UnitInWords(wording_, question.unit, number == Decimal{1, 0})
               : label;
  }

  [[nodiscard]] std::string Shown(const Decimal& number) const {
    const std::string shown = ShowDecimal(number, wording_.decimal_mark);
    return number.units < 0 ? absl::StrCat("(", shown, ")") : shown;
  }

  absl::Span<const Question> questions_;
  absl::Span<const MeasureFormula> measures_;
  const GivenAnswers& answers_;
  absl::Span<const ComputedMeasure> computed_;
  const Wording& wording_;
  FindLabel label_;
};

}  // namespace

SaidBack SayBack(absl::Span<const Question> questions,
                 absl::Span<const MeasureFormula> measures,
                 const GivenAnswers& answers,
                 absl::Span<const ComputedMeasure> computed,
                 absl::string_view language, FindLabel label) {
  COMMONWAGE_CHECK(answers.questions.size() == questions.size() &&
                   computed.size() == measures.size());
  const Wording& wording = WordingFor(language);
  const Teller teller(questions, measures, answers, computed, wording, label);
  SaidBack said;
  for (size_t i = 0; i < measures.size(); ++i) {
    said.sentences.push_back(teller.Sentence(i));
  }
  said.question = std::string(wording.right);
  return said;
}

}  // namespace commonwage
