// SPDX-License-Identifier: Apache-2.0
// The chance of one value of a noise law, from the law's definition: what
// tails, losses and samples are held to. Programs need tails only.

#ifndef COMMONWAGE_TESTS_TESTING_LAW_PROBABILITY_H_
#define COMMONWAGE_TESTS_TESTING_LAW_PROBABILITY_H_

#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "privacy/noise_law.h"

namespace commonwage::testing {

// Returns P[Z = x], in long double: proportional to exp(-x^2 / (2 sigma^2)), or
// to exp(-|x| / b). Takes time in proportion to sigma.
inline long double ProbabilityOf(const privacy::NoiseLaw& law, int64_t x) {
  const auto size = static_cast<long double>(std::abs(x));
  const long double parameter =
      static_cast<long double>(law.parameter.numerator) /
      static_cast<long double>(law.parameter.denominator);
  if (law.mechanism == Mechanism::kDiscreteLaplace) {
    const long double rate = 1 / parameter;
    return -std::expm1(-rate) / (1 + std::exp(-rate)) * std::exp(-size * rate);
  }
  long double all = 0;
  // From the small end; beyond, a term is less than 2^-70 of the largest.
  for (auto z = static_cast<int64_t>(10 * std::sqrt(parameter)) + 2; z > 0;
       --z) {
    const auto wide = static_cast<long double>(z);
    all += 2 * std::exp(-wide * wide / (2 * parameter));
  }
  return std::exp(-size * size / (2 * parameter)) / (all + 1);
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_LAW_PROBABILITY_H_
