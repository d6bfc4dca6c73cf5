// SPDX-License-Identifier: Apache-2.0
// Shares of a cell's workers: below a rate, and in each bin.
//
// With L the unbiased least-squares sum of the part and T that of the cell (at
// least 1), a share s is in the interval unless the release contradicts it:
//   (L - s T)^2 <= zn^2 (V_L - 2 s cov(L, T) + s^2 V_T) + zs^2 T s (1 - s),
// a quadratic inequality in s (Fieller 1954), solved in closed form: with
//   a = T^2 - zn^2 V_T + zs^2 T,  b = L T - zn^2 cov(L, T) + zs^2 T / 2,
//   c = L^2 - zn^2 V_L,
// F(L) is (b +- sqrt(max(b^2 - a c, 0))) / a, or [0, 1] if a <= 0. Noise can
// put L below 0 or above T, where F(L) shrinks to nothing; so the interval is
// the hull of F(L) and F(clamp(L, 0, T)), cut to [0, 1]. The value is L / T,
// cut likewise: a value of 0 or 1 reads "0 %, at most u %" and "100 %, at least
// l %". Sums of the non-negative fit would lean upward near 0 and 1: they
// excluded a true 0 in one release of eight.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_SHARE_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_SHARE_H_

#include <cstdint>
#include <vector>

#include "privacy/estimate/estimate.h"
#include "privacy/model/cell_cdf.h"
#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {

// Returns the share of workers paid less than `rate` minor units. On an edge of
// the grid nothing is assumed. Inside a bin the value divides it as the grid
// says its pay is spread, the interval covers wherever in the bin they stand,
// and the estimate says `interpolated`. Beyond the grid's ends, unless the plan
// states how pay is spread there, only a bound is known: `position` is kBelow
// or kAbove; the interval reaches to 0 or 1 in either case.
Estimate EstimateShareBelow(const model::CellCdf& cdf, int64_t rate,
                            const model::Critical& critical);

// Returns the share of workers in each bin. The values are a picture: those of
// the non-negative fit, their sum 1. The intervals are those of shares.
std::vector<Estimate> EstimateHistogram(const model::CellCdf& cdf,
                                        const model::Critical& critical);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_SHARE_H_
