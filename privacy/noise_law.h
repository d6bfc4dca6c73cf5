// SPDX-License-Identifier: Apache-2.0
// The two laws that the noise of a node can follow, by exact parameters. Public
// arithmetic about them is here and in tail.h; drawing from them is
// privacy/noise.

#ifndef COMMONWAGE_PRIVACY_NOISE_LAW_H_
#define COMMONWAGE_PRIVACY_NOISE_LAW_H_

#include <cstdint>

#include "absl/status/status.h"

#include "survey/plan/plan.h"
#include "survey/text/fraction.h"

namespace commonwage::privacy {

// A law on the integers:
//   kDiscreteGaussian: P[Z = x] proportional to exp(-x^2 / (2 parameter)),
//   kDiscreteLaplace:  P[Z = x] proportional to exp(-|x| / parameter).
// So the parameter is sigma^2 of the one and the scale b of the other.
struct NoiseLaw {
  Mechanism mechanism = Mechanism::kDiscreteGaussian;
  Fraction parameter;
};

// The bounds inside which the samplers' integers provably fit (uniform.h), on
// the reduced parameter: sigma^2 = p/q with p <= 2^19 and q <= 2^20, scale t/s
// with t <= 2^20 and s <= 2^25. They change no privacy, only what is accepted.
inline constexpr int64_t kMaxGaussianNumerator = int64_t{1} << 19;
inline constexpr int64_t kMaxGaussianDenominator = int64_t{1} << 20;
inline constexpr int64_t kMaxLaplaceNumerator = int64_t{1} << 20;
inline constexpr int64_t kMaxLaplaceDenominator = int64_t{1} << 25;

// Fails with INVALID_ARGUMENT (NOISE_OUT_OF_BOUNDS) unless the parameter is
// positive, reduced and inside the bounds above.
absl::Status CheckLaw(const NoiseLaw& law);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_NOISE_LAW_H_
