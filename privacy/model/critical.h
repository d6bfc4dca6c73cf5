// SPDX-License-Identifier: Apache-2.0
// How many standard deviations an interval reaches.

#ifndef COMMONWAGE_PRIVACY_MODEL_CRITICAL_H_
#define COMMONWAGE_PRIVACY_MODEL_CRITICAL_H_

#include <cmath>

#include "survey/plan/plan.h"

namespace commonwage::privacy::model {

// One in this many intervals misses, unless a request asks for fewer.
inline constexpr double kMiss = 0.05;

// Noise and sampling error are independent; each has its own reach. A sum of
// several Laplace nodes has lighter tails than one node, whose reach is taken.
struct Critical {
  double sampling = 0;
  double noise = 0;

  // Half-width of an interval from the two variances.
  double Reach(double sampling_variance, double noise_variance) const {
    return std::sqrt(sampling * sampling * sampling_variance +
                     noise * noise * noise_variance);
  }
};

// Returns the reach for two-sided intervals that miss in one of 1 / miss cases,
// 0 < miss < 1: the normal quantile z with P[|N| > z] = miss, and for Laplace
// noise ln(1 / miss) / sqrt(2), which no single Laplace variable exceeds more
// often; never less than z.
Critical FindCritical(double miss, Mechanism mechanism);

// Returns P[N <= x] for a standard normal N.
double NormalCdf(double x);

// Returns x with P[N <= x] = p for a standard normal N. Needs 0 < p < 1.
// Relative error below 1e-12 between 1e-300 and 1 - 1e-12.
double NormalQuantile(double p);

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_CRITICAL_H_
