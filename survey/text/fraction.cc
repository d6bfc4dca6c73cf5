// SPDX-License-Identifier: Apache-2.0
#include "survey/text/fraction.h"

#include <cstdint>
#include <numeric>

#include "base/check.h"

namespace commonwage {

Fraction ReducedFraction(int64_t numerator, int64_t denominator) {
  COMMONWAGE_CHECK(numerator >= 0 && denominator > 0);
  const int64_t divisor = std::gcd(numerator, denominator);
  return {.numerator = numerator / divisor,
          .denominator = denominator / divisor};
}

}  // namespace commonwage
