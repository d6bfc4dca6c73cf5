// SPDX-License-Identifier: Apache-2.0
// The mean of the middle four fifths of pay: as plain as a mean, and not moved
// by what lies beyond the grid.
//
// Value: the mean between the 10 % and the 90 % quantile of the isotonic CDF,
// pay being even in log wage inside a bin. Errors by first order: noise moves
// the mean by -1/0.8 times the integral over the middle of what it does to the
// CDF; sampling error has the variance of pay cut off at the two quantiles,
// divided by 0.8^2 T. Bins that are not shown to be smooth (heaps.h) widen the
// interval by half of their width times their share.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_TRIMMED_MEAN_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_TRIMMED_MEAN_H_

#include "privacy/estimate/cell_cdf.h"
#include "privacy/estimate/critical.h"
#include "privacy/estimate/estimate.h"

namespace commonwage::privacy::estimate {

// What is cut off at each end.
inline constexpr double kTrim = 0.1;

// Returns the 10-90 % trimmed mean in minor units. If a tenth of the workers
// or more may be beyond an end of the grid, the interval is open on that side;
// if the estimate says they are, `position` says so, and the value is a bound.
Estimate TrimmedMean(const CellCdf& cdf, const Critical& critical);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_TRIMMED_MEAN_H_
