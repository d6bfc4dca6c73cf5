// SPDX-License-Identifier: Apache-2.0
// Exact sums over the two noise laws, in long double. Pure arithmetic on public
// parameters: nothing here spends budget or sees data.
//
// Errors: every term is exp of a quotient of exact integers, so its relative
// error is at most 2^-53 for arguments up to 1000; sums run from small to large
// and leave out less than 2^-70 of themselves. "Upper" values are the computed
// ones times 1 + 2^-45, which is more than all of that together.

#ifndef COMMONWAGE_PRIVACY_TAIL_H_
#define COMMONWAGE_PRIVACY_TAIL_H_

#include <cstdint>

#include "privacy/noise_law.h"

namespace commonwage::privacy {

// Returns P[Z >= t]. Needs a law that CheckLaw accepts, here and below.
long double TailAtLeast(const NoiseLaw& law, int64_t t);

// Returns a number that is not below P[Z >= t] and above it by less than one
// part in 10^13; at most 1.
long double UpperTailAtLeast(const NoiseLaw& law, int64_t t);

// Returns the variance of Z. For the discrete Gaussian with sigma^2 below 0.3
// it is visibly less than sigma^2.
long double VarianceOf(const NoiseLaw& law);

// The factor that makes a computed value an upper bound.
inline constexpr long double kRoundUp = 1.0L + 1.0L / (int64_t{1} << 45);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_TAIL_H_
