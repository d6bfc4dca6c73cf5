// SPDX-License-Identifier: Apache-2.0
// An exact positive rational, for noise that strangers must be able to
// recompute without rounding.

#ifndef COMMONWAGE_SURVEY_TEXT_FRACTION_H_
#define COMMONWAGE_SURVEY_TEXT_FRACTION_H_

#include <cstdint>

namespace commonwage {

// numerator / denominator. Reduced whenever it comes from ReducedFraction.
struct Fraction {
  int64_t numerator = 0;
  int64_t denominator = 1;  // > 0.

  friend bool operator==(const Fraction&, const Fraction&) = default;
};

// Returns numerator / denominator in lowest terms. Needs numerator >= 0 and
// denominator > 0; aborts otherwise.
Fraction ReducedFraction(int64_t numerator, int64_t denominator);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_TEXT_FRACTION_H_
