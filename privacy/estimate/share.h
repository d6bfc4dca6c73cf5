// SPDX-License-Identifier: Apache-2.0
// Shares of a cell's workers: below a rate, and in each bin.
//
// A share s = L / T is in the interval unless the release contradicts it:
//   |L - s T|^2 <= z^2 (V_L - 2 s cov(L, T) + s^2 V_T + T s (1 - s)),
// a quadratic inequality in s (Fieller), solved in closed form.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_SHARE_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_SHARE_H_

#include <cstdint>
#include <vector>

#include "privacy/estimate/cell_cdf.h"
#include "privacy/estimate/critical.h"
#include "privacy/estimate/estimate.h"

namespace commonwage::privacy::estimate {

// Returns the share of workers paid less than `rate` minor units. On an edge of
// the grid nothing is assumed. Inside a bin the value divides it as if wages
// were spread evenly in log wage, the interval covers wherever in the bin they
// stand, and the estimate says `interpolated`. Beyond the grid's ends only a
// bound is known: `position` is kBelow or kAbove, and the interval reaches to 0
// or 1.
Estimate ShareBelow(const CellCdf& cdf, int64_t rate, const Critical& critical);

// Returns the share of workers in each bin. The values are those of the
// isotonic fit: not negative, their sum 1.
std::vector<Estimate> Histogram(const CellCdf& cdf, const Critical& critical);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_SHARE_H_
