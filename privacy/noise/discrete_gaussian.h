// SPDX-License-Identifier: Apache-2.0
// Exact draws of the discrete Gaussian law: P[Z = x] proportional to
// exp(-x^2 / (2 sigma^2)), for an exact fraction sigma^2. Integers only.
// Method: Canonne, Kamath and Steinke, "The discrete Gaussian for differential
// privacy", 2020.

#ifndef COMMONWAGE_PRIVACY_NOISE_DISCRETE_GAUSSIAN_H_
#define COMMONWAGE_PRIVACY_NOISE_DISCRETE_GAUSSIAN_H_

#include <cstdint>

#include "absl/status/statusor.h"

#include "privacy/noise/random_buffer.h"
#include "privacy/noise/sampler_steps.h"
#include "survey/text/fraction.h"

namespace commonwage::privacy::noise {

// A sampler of one sigma^2. Immutable and thread-safe.
class DiscreteGaussian {
 public:
  // Fails with INVALID_ARGUMENT (NOISE_OUT_OF_BOUNDS) unless `sigma_squared` is
  // positive, reduced and within the bounds of noise_law.h.
  static absl::StatusOr<DiscreteGaussian> Create(Fraction sigma_squared);

  // Returns fresh noise. The time it takes depends on what is drawn, so it must
  // not be called while anybody who asks something waits. Aborts with
  // probability e^-128 where its integers would end.
  int64_t Draw(RandomBuffer& random) const;

 private:
  explicit DiscreteGaussian(const GaussianTerms& terms) : terms_(terms) {}

  GaussianTerms terms_;
};

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_DISCRETE_GAUSSIAN_H_
