// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise_law.h"

#include <numeric>

#include "base/error.h"

namespace commonwage::privacy {

absl::Status CheckLaw(const NoiseLaw& law) {
  const bool gaussian = law.mechanism == Mechanism::kDiscreteGaussian;
  const int64_t max_numerator =
      gaussian ? kMaxGaussianNumerator : kMaxLaplaceNumerator;
  const int64_t max_denominator =
      gaussian ? kMaxGaussianDenominator : kMaxLaplaceDenominator;
  const int64_t numerator = law.parameter.numerator;
  const int64_t denominator = law.parameter.denominator;
  if (numerator < 1 || numerator > max_numerator || denominator < 1 ||
      denominator > max_denominator || std::gcd(numerator, denominator) != 1) {
    return Refusal(Reason::kNoiseOutOfBounds,
                   "The noise of a level is outside the bounds within which "
                   "its arithmetic is exact; spend more or less on the level.");
  }
  return absl::OkStatus();
}

}  // namespace commonwage::privacy
