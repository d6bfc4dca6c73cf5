// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/formula_units.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

// A currency or another unit; both empty: a plain number.
struct Unit {
  std::string currency;
  std::string other;

  friend bool operator==(const Unit&, const Unit&) = default;
};

// What a sum is of; nullopt: `times` may have made any unit of it.
using SumUnit = std::optional<Unit>;

constexpr std::array<absl::string_view, 6> kTimes = {"minute", "hour",  "day",
                                                     "week",   "month", "year"};

absl::string_view TimeOf(PayPeriod period) {
  switch (period) {
    case PayPeriod::kHour:
      return "hour";
    case PayPeriod::kWeek:
      return "week";
    case PayPeriod::kMonth:
      return "month";
    case PayPeriod::kYear:
      return "year";
    case PayPeriod::kTask:
      break;
  }
  return "";
}

std::string InWords(const Unit& unit) {
  if (!unit.currency.empty()) {
    return unit.currency;
  }
  return unit.other.empty() ? "a plain number" : unit.other;
}

class UnitCheck {
 public:
  UnitCheck(absl::Span<const Question> questions,
            absl::Span<const MeasureFormula> measures, FaultList& faults)
      : questions_(questions), measures_(measures), faults_(faults) {}

  void Check(size_t index) {
    const MeasureFormula& measure = measures_[index];
    const std::string place = ItemPlace("measures", index);
    if (!measure.formula.has_value() || !OneCurrency(measure, place)) {
      return;
    }
    const size_t before = faults_.size();
    const SumUnit over =
        UnitOf(measure.formula->numerator, absl::StrCat(place, ".numerator"));
    const SumUnit under = measure.formula->denominator.empty()
                              ? SumUnit(Unit())
                              : UnitOf(measure.formula->denominator,
                                       absl::StrCat(place, ".denominator"));
    if (faults_.size() > before) {
      return;
    }
    if (measure.kind == MeasureKind::kPay) {
      CheckPay(measure, place, over, under);
    } else if (over.has_value() && under.has_value() && *over != *under) {
      faults_.Add(place,
                  absl::StrCat("A RATIO is of equal units; this is ",
                               InWords(*over), " over ", InWords(*under), "."));
    }
  }

 private:
  [[nodiscard]] Unit UnitOf(const Term& term) const {
    if (term.names == Term::Names::kQuestion) {
      const Question* question = FindQuestion(questions_, term.id);
      return {question->currency, question->unit};
    }
    for (const MeasureFormula& measure : measures_) {
      if (term.names == Term::Names::kMeasure && measure.id == term.id) {
        return {measure.currency, ""};
      }
    }
    return {};
  }

  // Adds a fault if a sum mixes units without saying how one becomes the other.
  SumUnit UnitOf(const std::vector<Term>& terms, const std::string& place) {
    SumUnit unit;
    for (size_t i = 0; i < terms.size(); ++i) {
      if (terms[i].times.has_value() ||
          terms[i].names == Term::Names::kConstant) {
        continue;
      }
      const Unit next = UnitOf(terms[i]);
      if (unit.has_value() && *unit != next) {
        faults_.Add(ItemPlace(place, i),
                    absl::StrCat("This is ", InWords(next),
                                 ", and a term before it is ", InWords(*unit),
                                 "; say with \"times\" how one becomes the "
                                 "other."));
        return unit;
      }
      unit = next;
    }
    return unit;
  }

  // Adds a fault, and returns false, if two currencies meet.
  bool OneCurrency(const MeasureFormula& measure, const std::string& place) {
    std::string first = measure.currency;
    for (const auto* terms :
         {&measure.formula->numerator, &measure.formula->denominator}) {
      for (const Term& term : *terms) {
        const std::string currency = UnitOf(term).currency;
        first = first.empty() ? currency : first;
        if (!currency.empty() && currency != first) {
          faults_.Add(place, absl::StrCat("Two currencies never meet in a "
                                          "formula; here are ",
                                          first, " and ", currency, "."));
          return false;
        }
      }
    }
    return true;
  }

  void CheckPay(const MeasureFormula& measure, const std::string& place,
                const SumUnit& over, const SumUnit& under) {
    if (over.has_value() && over->currency.empty()) {
      faults_.Add(absl::StrCat(place, ".numerator"),
                  absl::StrCat("PAY is money; this is ", InWords(*over), "."));
      return;
    }
    if (!under.has_value()) {
      return;
    }
    const std::string where = absl::StrCat(place, ".denominator");
    if (!under->currency.empty()) {
      faults_.Add(where, "Money over money is a RATIO, not PAY.");
    } else if (std::find(kTimes.begin(), kTimes.end(), under->other) !=
                   kTimes.end() &&
               under->other != TimeOf(measure.period)) {
      faults_.Add(
          where, absl::StrCat("The period is ", NameOf(measure.period),
                              ", and this is in the unit ", under->other, "."));
    }
  }

  absl::Span<const Question> questions_;
  absl::Span<const MeasureFormula> measures_;
  FaultList& faults_;
};

}  // namespace

void CheckUnits(absl::Span<const Question> questions,
                absl::Span<const MeasureFormula> measures, FaultList& faults) {
  UnitCheck check(questions, measures, faults);
  for (size_t i = 0; i < measures.size(); ++i) {
    check.Check(i);
  }
}

}  // namespace commonwage
