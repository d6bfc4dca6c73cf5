// SPDX-License-Identifier: Apache-2.0
#include "privacy/tail.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace commonwage::privacy {
namespace {

// The error bounds of the header, and the range: exp(-1000) is no underflow.
static_assert(LDBL_MANT_DIG >= 64 && LDBL_MIN_10_EXP <= -4000);

// Terms below exp(-50) < 2^-72 of the largest one are left out.
constexpr long double kNegligibleExponent = 50;

long double Parameter(const NoiseLaw& law) {
  return static_cast<long double>(law.parameter.numerator) /
         static_cast<long double>(law.parameter.denominator);
}

// Returns x^2 / (2 sigma^2), rounded once.
long double GaussianExponent(const NoiseLaw& law, int64_t x) {
  const auto wide = static_cast<long double>(x);
  return wide * wide * static_cast<long double>(law.parameter.denominator) /
         (2 * static_cast<long double>(law.parameter.numerator));
}

// Returns the sum over x >= start of weight(x) exp(-x^2 / (2 sigma^2)), for
// start >= 0, from the small end.
template <typename Weight>
long double GaussianSum(const NoiseLaw& law, int64_t start, Weight weight) {
  const long double first = GaussianExponent(law, start);
  const auto last = static_cast<int64_t>(
      std::ceil(std::sqrt(2 * Parameter(law) * (first + kNegligibleExponent))));
  long double sum = 0;
  // Where x^2 weighs the terms, a few more of them count.
  for (int64_t x = last + last / 8 + 1; x >= start; --x) {
    sum += weight(x) * std::exp(-GaussianExponent(law, x));
  }
  return sum;
}

long double One(int64_t /*x*/) { return 1; }

long double GaussianNormalizer(const NoiseLaw& law) {
  return 2 * GaussianSum(law, 1, One) + 1;
}

}  // namespace

long double TailAtLeast(const NoiseLaw& law, int64_t t) {
  if (t <= 0) {
    // Both laws are symmetric.
    return 1 - TailAtLeast(law, 1 - t);
  }
  if (law.mechanism == Mechanism::kDiscreteGaussian) {
    return GaussianSum(law, t, One) / GaussianNormalizer(law);
  }
  const long double rate = 1 / Parameter(law);
  return std::exp(-static_cast<long double>(t) * rate) / (1 + std::exp(-rate));
}

long double UpperTailAtLeast(const NoiseLaw& law, int64_t t) {
  return std::min(1.0L, TailAtLeast(law, t) * kRoundUp);
}

long double VarianceOf(const NoiseLaw& law) {
  if (law.mechanism == Mechanism::kDiscreteGaussian) {
    return 2 *
           GaussianSum(law, 1,
                       [](int64_t x) {
                         const auto wide = static_cast<long double>(x);
                         return wide * wide;
                       }) /
           GaussianNormalizer(law);
  }
  const long double rate = 1 / Parameter(law);
  const long double one_less = -std::expm1(-rate);
  return 2 * std::exp(-rate) / (one_less * one_less);
}

}  // namespace commonwage::privacy
