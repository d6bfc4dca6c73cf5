// SPDX-License-Identifier: Apache-2.0
// What a loss of rho means in (epsilon, delta); in odds, see best_guess.h. The
// loss itself is an integer number of millionths, micro-rho; floating point
// only explains it, and rounds against us. Nothing here spends budget.
//
// The bound is proposition 12 of Canonne, Kamath and Steinke (2020): rho-zCDP
// implies (epsilon, delta)-DP for
//   delta = inf over a > 1 of
//           exp((a - 1)(a rho - epsilon) + a ln(1 - 1/a)) / (a - 1).

#ifndef COMMONWAGE_PRIVACY_ZCDP_H_
#define COMMONWAGE_PRIVACY_ZCDP_H_

#include <cstdint>

#include "absl/types/span.h"

namespace commonwage::privacy {

// Returns the delta of the bound above for `micro_rho` > 0 and `epsilon` >= 0,
// rounded upward; at most 1.
long double TightDelta(int64_t micro_rho, long double epsilon);

// Returns the least epsilon for which that delta is at most `delta`, rounded
// upward. Needs 0 < delta < 1; returns 0 for micro_rho = 0.
long double TightEpsilon(int64_t micro_rho, long double delta);

// Returns the older and larger rho + 2 sqrt(rho ln(1/delta)), rounded upward.
long double SimpleEpsilon(int64_t micro_rho, long double delta);

// Returns 1 - prod(1 - delta_i), rounded upward: the joint delta of several
// threshold rules, over marginals and rounds. Needs 0 <= delta_i < 1.
long double JointDelta(absl::Span<const long double> deltas);

// Returns the same for `rounds` >= 0 rounds whose joint delta is `delta` each.
long double DeltaOverRounds(long double delta, int64_t rounds);

// Returns the least epsilon with
//   threshold_delta + (1 - threshold_delta) TightDelta(rho, epsilon) <= delta,
// the guarantee of releases of `micro_rho` in all whose threshold rules cost
// `threshold_delta` jointly. Infinite if delta <= threshold_delta.
long double EpsilonWithThreshold(int64_t micro_rho, long double threshold_delta,
                                 long double delta);

// Returns ceil(micro_epsilon^2 / 2000000): pure epsilon-DP is epsilon^2/2-zCDP.
// Needs 0 <= micro_epsilon <= 2^31.
int64_t MicroRhoOfPure(int64_t micro_epsilon);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_ZCDP_H_
