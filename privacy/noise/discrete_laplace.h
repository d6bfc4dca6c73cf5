// SPDX-License-Identifier: Apache-2.0
// Exact draws of the discrete Laplace law: P[Z = x] proportional to
// exp(-|x| / b), for an exact fraction b. Integers only.

#ifndef COMMONWAGE_PRIVACY_NOISE_DISCRETE_LAPLACE_H_
#define COMMONWAGE_PRIVACY_NOISE_DISCRETE_LAPLACE_H_

#include <cstdint>

#include "absl/status/statusor.h"

#include "privacy/noise/random_buffer.h"
#include "survey/text/fraction.h"

namespace commonwage::privacy::noise {

// A sampler of one scale. Immutable and thread-safe.
class DiscreteLaplace {
 public:
  // Fails with INVALID_ARGUMENT (NOISE_OUT_OF_BOUNDS) unless `scale` is
  // positive, reduced and within the bounds of noise_law.h.
  static absl::StatusOr<DiscreteLaplace> Create(Fraction scale);

  // Returns fresh noise. The time it takes depends on what is drawn, so it must
  // not be called while anybody who asks something waits. Aborts with
  // probability e^-128 where its integers would end.
  int64_t Draw(RandomBuffer& random) const;

 private:
  DiscreteLaplace(uint64_t t, uint64_t s) : t_(t), s_(s) {}

  uint64_t t_;  // b = t / s.
  uint64_t s_;
};

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_DISCRETE_LAPLACE_H_
