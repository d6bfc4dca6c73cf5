// SPDX-License-Identifier: Apache-2.0
// The bodies of the two samplers, with the three steps that are easiest to get
// wrong as a parameter. Products instantiate them with ExactSteps alone, in
// discrete_laplace.cc and discrete_gaussian.cc; tests also with steps that are
// wrong, to show that the checks would notice.

#ifndef COMMONWAGE_PRIVACY_NOISE_SAMPLER_STEPS_H_
#define COMMONWAGE_PRIVACY_NOISE_SAMPLER_STEPS_H_

#include <cstdint>

#include "base/check.h"
#include "privacy/noise/bernoulli_exp.h"
#include "privacy/noise/random_buffer.h"
#include "privacy/noise/uniform.h"

namespace commonwage::privacy::noise {

// Returns floor(sqrt(value)).
inline uint64_t FloorSqrt(uint64_t value) {
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 31; bit != 0; bit >>= 1) {
    const uint64_t next = root | bit;
    if (next * next <= value) {
      root = next;
    }
  }
  return root;
}

// sigma^2 = p/q and what the sampler derives from it.
struct GaussianTerms {
  uint64_t p = 1;
  uint64_t q = 1;
  uint64_t t = 2;  // Scale of the Laplace proposals.
};

// The steps as they must be.
struct ExactSteps {
  // Zero would otherwise be drawn twice, with either sign.
  static constexpr bool kRejectsNegativeZero = true;
  // floor(sigma) + 1: any positive scale is exact, this one rejects little.
  static uint64_t ProposalScale(uint64_t p, uint64_t q) {
    return FloorSqrt(p / q) + 1;
  }
  // What is proposed and what is corrected for have to be the same scale.
  static uint64_t CorrectedScale(const GaussianTerms& terms) { return terms.t; }
};

// The most that the geometric part may grow; it is reached with chance e^-128.
inline constexpr uint64_t kMaxGeometric = 128;

// Returns x with probability proportional to exp(-|x| s/t). Needs t, s > 0
// within the bounds of noise_law.h.
//
// u below t is kept with chance exp(-u/t); v has chance proportional to
// exp(-v); so u + t v has chance proportional to exp(-(u + t v)/t), and its
// s-th part, rounded down, to exp(-x s/t). A sign makes it two-sided.
template <typename Steps>
int64_t DrawLaplaceBy(uint64_t t, uint64_t s, RandomBuffer& random) {
  COMMONWAGE_CHECK(t > 0);
  for (;;) {
    const uint64_t u = DrawBelow(t, random);
    if (!DrawBernoulliExpAtMostOne(u, t, random)) {
      continue;
    }
    uint64_t v = 0;
    while (DrawBernoulliExpAtMostOne(1, 1, random)) {
      ++v;
      COMMONWAGE_CHECK(v < kMaxGeometric);
    }
    const uint64_t sum = u + t * v;
    const auto magnitude = static_cast<int64_t>(s == 1 ? sum : sum / s);
    const bool negative = DrawBelow(2, random) == 1;
    if (Steps::kRejectsNegativeZero && negative && magnitude == 0) {
      continue;
    }
    return negative ? -magnitude : magnitude;
  }
}

// Returns y with probability proportional to exp(-y^2 q/(2 p)).
//
// A proposal has chance proportional to exp(-|y|/t) and is kept with chance
// exp(-(|y| - p/(q t))^2 q/(2 p)); the product is exp(-y^2 q/(2 p)) times a
// constant. Over the common denominator the exponent is
// (|y| q t - p)^2 / (2 p q t^2).
template <typename Steps>
int64_t DrawGaussianBy(const GaussianTerms& terms, RandomBuffer& random) {
  const uint64_t t = Steps::CorrectedScale(terms);
  const Uint128 denominator = Uint128{2} * terms.p * terms.q * t * t;
  for (;;) {
    const int64_t y = DrawLaplaceBy<Steps>(terms.t, 1, random);
    const auto magnitude = static_cast<uint64_t>(y < 0 ? -y : y);
    const uint64_t scaled = magnitude * terms.q * t;
    const uint64_t distance =
        scaled > terms.p ? scaled - terms.p : terms.p - scaled;
    if (DrawBernoulliExp(Uint128{distance} * distance, denominator, random)) {
      return y;
    }
  }
}

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_SAMPLER_STEPS_H_
