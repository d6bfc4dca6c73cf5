// SPDX-License-Identifier: Apache-2.0
// How a measure is computed from answers: a ratio of two weighted sums, and
// nothing else, so that a steward can read every formula aloud.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_FORMULA_H_
#define COMMONWAGE_SURVEY_QUESTIONS_FORMULA_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "survey/questions/decimal.h"
#include "survey/questions/pay_period.h"

namespace commonwage {

// kPay is an amount of money for a period. kRatio has neither currency nor
// unit. kChoice is one of a closed list of options.
enum class MeasureKind { kPay, kRatio, kChoice };

// One term of a sum: what `names` says, times `times`.
struct Term {
  enum class Names { kQuestion, kMeasure, kConstant };

  Names names = Names::kQuestion;
  std::string id;                     // Of a question or an earlier measure.
  Decimal constant = {};              // Of a kConstant.
  std::optional<Decimal> times = {};  // 1 if absent; never 0.

  friend bool operator==(const Term&, const Term&) = default;
};

struct Formula {
  std::vector<Term> numerator;    // 1 to kMaxTerms.
  std::vector<Term> denominator;  // At most kMaxTerms; none is 1.

  friend bool operator==(const Formula&, const Formula&) = default;
};

// A measure as far as its value goes; its grid is the plan's.
struct MeasureFormula {
  std::string id;
  MeasureKind kind = MeasureKind::kPay;
  std::string currency = {};            // ISO 4217; of kPay only.
  PayPeriod period = PayPeriod::kHour;  // Of kPay only.
  // 2: values are in hundredths. 0 to kMaxFormulaExponent; 0 for kChoice.
  int minor_unit_exponent = 0;
  std::vector<std::string> options = {};  // Of kChoice only.
  // Without one the measure itself is asked. Never of a kChoice.
  std::optional<Formula> formula = {};

  friend bool operator==(const MeasureFormula&,
                         const MeasureFormula&) = default;
};

// The value of a measure that says nothing in an answer.
inline constexpr int64_t kNotApplicable = std::numeric_limits<int64_t>::min();

// Why a measure is not applicable; kNone if it is.
enum class WhyNotApplicable { kNone, kQuestionEmpty, kDenominator, kMeasure };

// A value is within +-kMaxMeasureValue, in minor units.
inline constexpr int64_t kMaxMeasureValue = 1'000'000'000'000'000;

inline constexpr size_t kMaxFormulaMeasures = 16;
inline constexpr size_t kMaxTerms = 16;
inline constexpr int kMaxFormulaExponent = 4;
inline constexpr int kMaxFactorDecimals = 6;  // Of `times` and of constants.
inline constexpr size_t kMinOptions = 2;
inline constexpr size_t kMaxOptions = 64;
// A formula of questions alone is one level deep, one that names such a measure
// two, and so on. Exact numbers grow with every level.
inline constexpr int kMaxFormulaDepth = 3;

// Return the names that plans use, such as "RATIO".
absl::string_view NameOf(MeasureKind kind);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_FORMULA_H_
