// SPDX-License-Identifier: Apache-2.0
// The mean of the middle four fifths of pay: as plain as a mean, and not moved
// by what lies beyond the grid.
//
// With F the isotonic regression of the unbiased sums over T, cut to [0, 1],
// and m_b = clamp(F_{b+1}, .1, .9) - clamp(F_b, .1, .9) the part of bin b that
// is in the middle, the mean is sum_b m_b x_b / 0.8, x_b being the mean pay of
// that slice of the bin as the grid says it is spread. The limits take nothing
// from how it is spread: with all pay on the bins' left edges the mean is
// least, with all on their right edges it is greatest, and the reach of noise
// and sampling error is taken off the one and put on the other. To first order
// noise of F_j moves the mean by (x_{j-1} - x_j) / 0.8 of it; sampling error
// has the variance of pay cut off at the two quantiles, divided by 0.8^2 T.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_TRIMMED_MEAN_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_TRIMMED_MEAN_H_

#include "privacy/estimate/estimate.h"
#include "privacy/model/cell_cdf.h"
#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {

// What is cut off at each end.
inline constexpr double kTrim = 0.1;

// Returns the 10-90 % trimmed mean in minor units. If a tenth of the workers
// or more may be beyond an end of the grid, the interval is open on that side;
// if the estimate says they are, `position` says so, and the value is a bound.
Estimate EstimateTrimmedMean(const model::CellCdf& cdf,
                             const model::Critical& critical);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_TRIMMED_MEAN_H_
