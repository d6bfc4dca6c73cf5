// SPDX-License-Identifier: Apache-2.0
// The rule that shows or withholds a cell, seen from outside: a cell with true
// count n is released iff n >= k and n + Z >= tau, Z being the root's noise.
// What k costs is delta1 = P[Z >= tau - k]; proof in docs/PRIVACY.md.

#ifndef COMMONWAGE_PRIVACY_THRESHOLD_H_
#define COMMONWAGE_PRIVACY_THRESHOLD_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "privacy/noise_law.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy {

// Fails with INVALID_ARGUMENT (K_OUT_OF_RANGE) unless kMinK <= k <= kMaxK.
absl::Status CheckK(int64_t k);

// Returns the least tau > k for which P[Z >= tau - k], rounded upward, is not
// above `threshold_delta` (a decimal such as "1e-7"). Public arithmetic.
//
// Fails with INVALID_ARGUMENT if the law, the decimal or k is out of bounds.
absl::StatusOr<int64_t> MinimalTau(const NoiseLaw& root_law, int64_t k,
                                   absl::string_view threshold_delta);

// As above, for the root of `marginal`.
absl::StatusOr<int64_t> MinimalTau(const Marginal& marginal, int64_t k,
                                   absl::string_view threshold_delta);

// Fails with INVALID_ARGUMENT (TAU_TOO_SMALL) if `tau` is not above k, or under
// it the rule costs more than `threshold_delta`, as computed with upward
// rounding; and as MinimalTau fails.
absl::Status CheckTau(const Marginal& marginal, int64_t k, int64_t tau,
                      absl::string_view threshold_delta);

// Returns delta1 = P[Z >= tau - k], rounded upward: what the rule adds to delta
// for one marginal in one round. Needs a law that CheckLaw accepts.
long double ThresholdDelta(const NoiseLaw& root_law, int64_t k, int64_t tau);

// Returns the probability that a cell of `n` people is released: 0 below k,
// else P[Z >= tau - n]. For forecasts; needs no data.
long double ReleaseProbability(const NoiseLaw& root_law, int64_t k, int64_t tau,
                               int64_t n);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_THRESHOLD_H_
