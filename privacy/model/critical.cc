// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/critical.h"

#include <algorithm>
#include <numbers>

#include "base/check.h"

namespace commonwage::privacy::model {

// By erfc: 1 + erf has no digits left in the tail that intervals ask about.
double NormalCdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

double NormalQuantile(double p) {
  COMMONWAGE_CHECK(p > 0 && p < 1);
  // In the lower tail only: near 1 there are no digits for a logarithm.
  if (p > 0.5) {
    return -NormalQuantile(1 - p);
  }
  // The tail is log-concave, so Newton's steps on its logarithm converge from
  // anywhere; halving first keeps them few.
  double low = -40;
  double high = 0;
  for (int i = 0; i < 12; ++i) {
    const double middle = (low + high) / 2;
    (NormalCdf(middle) < p ? low : high) = middle;
  }
  double x = (low + high) / 2;
  for (int i = 0; i < 6; ++i) {
    const double cdf = NormalCdf(x);
    const double density =
        std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
    x -= (std::log(cdf) - std::log(p)) * cdf / density;
  }
  return x;
}

Critical FindCritical(double miss, Mechanism mechanism) {
  COMMONWAGE_CHECK(miss > 0 && miss < 1);
  Critical critical;
  critical.sampling = -NormalQuantile(miss / 2);
  critical.noise = critical.sampling;
  if (mechanism == Mechanism::kDiscreteLaplace) {
    // P[|Z| > t] = exp(-t sqrt(2)) at variance 1. A sum may be one node's noise
    // almost alone, or of so many that it is normal; where many misses are
    // allowed the normal law is the wider of the two.
    critical.noise =
        std::max(critical.noise, std::log(1 / miss) / std::sqrt(2.0));
  }
  return critical;
}

}  // namespace commonwage::privacy::model
