// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/formula_check.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "survey/questions/internal/formula_results.h"
#include "survey/questions/internal/formula_units.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

std::optional<size_t> IndexOf(absl::Span<const MeasureFormula> measures,
                              absl::string_view id) {
  for (size_t i = 0; i < measures.size(); ++i) {
    if (!id.empty() && measures[i].id == id) {
      return i;
    }
  }
  return std::nullopt;
}

// Calls `see` with each term of a measure and its place.
template <typename See>
void ForEachTerm(const MeasureFormula& measure, absl::string_view place,
                 const See& see) {
  if (!measure.formula.has_value()) {
    return;
  }
  const auto each = [&](const std::vector<Term>& terms,
                        absl::string_view name) {
    for (size_t i = 0; i < terms.size(); ++i) {
      see(terms[i], ItemPlace(absl::StrCat(place, ".", name), i));
    }
  };
  each(measure.formula->numerator, "numerator");
  each(measure.formula->denominator, "denominator");
}

class NameCheck {
 public:
  NameCheck(absl::Span<const Question> questions,
            absl::Span<const MeasureFormula> measures, FaultList& faults)
      : questions_(questions), measures_(measures), faults_(faults) {}

  void Check() {
    for (size_t i = 0; i < measures_.size(); ++i) {
      const std::string place = ItemPlace("measures", i);
      int depth = measures_[i].formula.has_value() ? 1 : 0;
      ForEachTerm(measures_[i], place,
                  [&](const Term& term, const std::string& term_place) {
                    CheckTerm(term, i, term_place);
                    const auto named = IndexOf(measures_, term.id);
                    if (term.names == Term::Names::kMeasure &&
                        named.has_value() && *named < i) {
                      depth = std::max(depth, depths_[*named] + 1);
                    }
                  });
      if (depth > kMaxFormulaDepth) {
        faults_.Add(place, absl::StrCat("This is computed from measures that "
                                        "are computed from others, more than ",
                                        kMaxFormulaDepth, " levels deep."));
      }
      depths_.push_back(depth);
    }
    for (size_t i = 0; i < questions_.size(); ++i) {
      CheckCarried(questions_[i],
                   absl::StrCat(ItemPlace("questions", i), ".carried_from"));
    }
  }

 private:
  void CheckTerm(const Term& term, size_t measure, const std::string& place) {
    if (term.id.empty()) {
      return;
    }
    if (term.names == Term::Names::kQuestion) {
      if (FindQuestion(questions_, term.id) == nullptr) {
        faults_.Add(absl::StrCat(place, ".question"),
                    "No question has this id.");
      }
      return;
    }
    const std::optional<size_t> named = IndexOf(measures_, term.id);
    const std::string where = absl::StrCat(place, ".measure");
    if (!named.has_value()) {
      faults_.Add(where, "No measure has this id.");
    } else if (*named == measure) {
      faults_.Add(where, "A measure cannot be computed from itself.");
    } else if (*named > measure) {
      const std::vector<std::string> circle = Circle(*named, measure);
      faults_.Add(where,
                  circle.empty()
                      ? "This measure comes further down; only those further "
                        "up can be named."
                      : absl::StrCat("These go round in a circle: ",
                                     absl::StrJoin(circle, ", "), "."));
    } else if (measures_[*named].kind == MeasureKind::kChoice) {
      faults_.Add(where, "A choice is no number; it cannot be computed with.");
    }
  }

  // Returns the measures from `goal` by way of `from` back to `goal`, if there
  // is such a way; otherwise nothing.
  std::vector<std::string> Circle(size_t from, size_t goal) const {
    std::vector<std::optional<size_t>> came_from(measures_.size());
    std::vector<size_t> todo = {from};
    came_from[from] = goal;
    while (!todo.empty() && !came_from[goal].has_value()) {
      const size_t at = todo.back();
      todo.pop_back();
      ForEachTerm(measures_[at], "", [&](const Term& term, const std::string&) {
        const auto next = IndexOf(measures_, term.id);
        if (term.names == Term::Names::kMeasure && next.has_value() &&
            !came_from[*next].has_value()) {
          came_from[*next] = at;
          todo.push_back(*next);
        }
      });
    }
    if (!came_from[goal].has_value()) {
      return {};
    }
    std::vector<std::string> circle = {measures_[goal].id};
    for (size_t at = *came_from[goal]; at != goal; at = *came_from[at]) {
      circle.push_back(measures_[at].id);
    }
    circle.push_back(measures_[goal].id);
    std::reverse(circle.begin(), circle.end());
    return circle;
  }

  void CheckCarried(const Question& question, const std::string& place) {
    if (question.carried_from.empty()) {
      return;
    }
    const std::optional<size_t> from =
        IndexOf(measures_, question.carried_from);
    if (!from.has_value()) {
      faults_.Add(place, "No measure has this id.");
      return;
    }
    const MeasureFormula& measure = measures_[*from];
    const bool money = question.kind == QuestionKind::kMoney;
    if (measure.kind == MeasureKind::kChoice ||
        money != (measure.kind == MeasureKind::kPay) ||
        question.currency != measure.currency) {
      faults_.Add(place,
                  "This measure's value is no answer to the question: PAY is "
                  "carried into MONEY of its currency, a RATIO into a NUMBER.");
    }
  }

  absl::Span<const Question> questions_;
  absl::Span<const MeasureFormula> measures_;
  FaultList& faults_;
  std::vector<int> depths_;
};

}  // namespace

void CheckFormulas(absl::Span<const Question> questions,
                   absl::Span<const MeasureFormula> measures,
                   FaultList& faults) {
  const size_t before = faults.size();
  NameCheck(questions, measures, faults).Check();
  // What follows looks up every name, and finds it.
  const bool named = std::all_of(
      measures.begin(), measures.end(), [](const MeasureFormula& measure) {
        bool all =
            !measure.formula.has_value() || !measure.formula->numerator.empty();
        ForEachTerm(measure, "", [&](const Term& term, const std::string&) {
          all =
              all && (term.names == Term::Names::kConstant || !term.id.empty());
        });
        return all;
      });
  if (faults.size() > before || !named) {
    return;
  }
  CheckUnits(questions, measures, faults);
  CheckResults(questions, measures, faults);
}

}  // namespace commonwage
