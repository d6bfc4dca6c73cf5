// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/formula_results.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "survey/questions/internal/exact_values.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

// A formula is a quotient of two polynomials of the answers, of low degree. Two
// that are not equal differ almost everywhere: where they agree at several
// points without any pattern they are equal.
constexpr uint64_t kPoints = 4;

// A number from 1 to 1,000,003 that has no pattern in `seed` (SplitMix64).
int64_t Patternless(uint64_t seed) {
  seed = (seed + 1) * 0x9e3779b97f4a7c15U;
  seed = (seed ^ (seed >> 30U)) * 0xbf58476d1ce4e5b9U;
  seed = (seed ^ (seed >> 27U)) * 0x94d049bb133111ebU;
  return static_cast<int64_t>((seed ^ (seed >> 31U)) % 1'000'003U) + 1;
}

ExactInputs Point(uint64_t point, size_t questions, size_t measures) {
  ExactInputs inputs;
  uint64_t seed = point * 1'000;
  for (size_t i = 0; i < questions; ++i) {
    inputs.questions.emplace_back(Rational(Patternless(seed++)));
  }
  for (size_t i = 0; i < measures; ++i) {
    inputs.measures.emplace_back(Rational(Patternless(seed++)));
  }
  return inputs;
}

// What measures have at each point; nullopt: nothing, as a denominator is 0.
using Samples = std::vector<std::vector<std::optional<Rational>>>;

Samples SamplesOf(absl::Span<const Question> questions,
                  absl::Span<const MeasureFormula> measures) {
  Samples samples(measures.size());
  for (uint64_t point = 0; point < kPoints; ++point) {
    const std::vector<ExactValue> values = ExactValuesOf(
        questions, measures, Point(point, questions.size(), measures.size()),
        Denominators::kNot0);
    for (size_t i = 0; i < measures.size(); ++i) {
      samples[i].push_back(values[i].why == WhyNotApplicable::kNone
                               ? std::optional(values[i].value)
                               : std::nullopt);
    }
  }
  return samples;
}

bool AllEqual(const std::vector<std::optional<Rational>>& samples) {
  return std::all_of(samples.begin(), samples.end(), [&](const auto& sample) {
    return sample.has_value() && sample == samples.front();
  });
}

bool NoneApplicable(const std::vector<std::optional<Rational>>& samples) {
  return std::none_of(samples.begin(), samples.end(),
                      [](const auto& sample) { return sample.has_value(); });
}

// Whether no term of `terms` can be above 0, as far as its sign tells.
bool NeverAbove0(absl::Span<const Question> questions,
                 const std::vector<Term>& terms) {
  return std::all_of(terms.begin(), terms.end(), [&](const Term& term) {
    const bool minus = term.times.has_value() && term.times->units < 0;
    switch (term.names) {
      case Term::Names::kConstant:
        return minus ? term.constant.units >= 0 : term.constant.units <= 0;
      case Term::Names::kQuestion:
        return minus && !TakesNegative(*FindQuestion(questions, term.id));
      case Term::Names::kMeasure:
        break;
    }
    return false;
  });
}

}  // namespace

void CheckResults(absl::Span<const Question> questions,
                  absl::Span<const MeasureFormula> measures,
                  FaultList& faults) {
  // Each denominator as a measure of its own, so that it has samples as well.
  std::vector<MeasureFormula> all(measures.begin(), measures.end());
  for (const MeasureFormula& measure : measures) {
    MeasureFormula divisor;
    divisor.formula =
        measure.formula.has_value() && !measure.formula->denominator.empty()
            ? Formula{measure.formula->denominator, {}}
            : Formula{{{Term::Names::kConstant, "", {1, 0}, {}}}, {}};
    all.push_back(divisor);
  }
  const Samples samples = SamplesOf(questions, all);
  for (size_t i = 0; i < measures.size(); ++i) {
    if (!measures[i].formula.has_value()) {
      continue;
    }
    const std::string place = ItemPlace("measures", i);
    const auto& divisor = samples[measures.size() + i];
    const bool constant_divisor = AllEqual(divisor);
    if ((constant_divisor && *divisor.front() <= 0) ||
        (!measures[i].formula->denominator.empty() &&
         NeverAbove0(questions, measures[i].formula->denominator))) {
      faults.Add(absl::StrCat(place, ".denominator"),
                 "This is never above 0, so the measure would never be "
                 "applicable.");
    } else if (AllEqual(samples[i])) {
      faults.Add(place,
                 "This formula gives the same whatever is answered; it "
                 "measures nothing.");
    } else if (NoneApplicable(samples[i])) {
      faults.Add(place,
                 "This formula never gives anything: what it divides by, or a "
                 "measure that it names, is never there.");
    }
  }
}

}  // namespace commonwage
