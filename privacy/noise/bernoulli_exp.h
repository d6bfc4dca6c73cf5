// SPDX-License-Identifier: Apache-2.0
// Coins that show heads with probability exactly exp(-a/d), from integers.
//
// Why it is exact. For 0 <= a/d <= 1 let k = 1, 2, ... and stop at the first k
// at which a uniform integer below d k is not below a. The chance to get past
// the first j is a^j / (d^j j!), so the chance to stop at an odd k is
// 1 - a/d + (a/d)^2/2! - ... = exp(-a/d). Larger arguments are products.

#ifndef COMMONWAGE_PRIVACY_NOISE_BERNOULLI_EXP_H_
#define COMMONWAGE_PRIVACY_NOISE_BERNOULLI_EXP_H_

#include <cstdint>

#include "base/check.h"
#include "privacy/noise/random_buffer.h"
#include "privacy/noise/uniform.h"

namespace commonwage::privacy::noise {

// The widest that k may grow; it stops earlier but for a chance of 1/127!.
inline constexpr uint64_t kMaxBernoulliSteps = 127;

// Returns true with probability exp(-a/d). Needs a <= d, 0 < d < 2^121.
inline bool DrawBernoulliExpAtMostOne(Uint128 a, Uint128 d,
                                      RandomBuffer& random) {
  uint64_t k = 1;
  while (DrawBelow128(d * k, random) < a) {
    ++k;
    COMMONWAGE_CHECK(k <= kMaxBernoulliSteps);
  }
  return k % 2 == 1;
}

// Returns true with probability exp(-a/d). Needs 0 < d < 2^121.
inline bool DrawBernoulliExp(Uint128 a, Uint128 d, RandomBuffer& random) {
  while (a > d) {
    if (!DrawBernoulliExpAtMostOne(1, 1, random)) {
      return false;
    }
    a -= d;
  }
  return DrawBernoulliExpAtMostOne(a, d, random);
}

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_BERNOULLI_EXP_H_
