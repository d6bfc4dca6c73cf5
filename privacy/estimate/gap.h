// SPDX-License-Identifier: Apache-2.0
// How much more or less one group is paid than another: the ratio of two
// quantiles of independent cells, or of one cell in two rounds.
//
// With a, b the log quantiles, (la, ua) and (lb, ub) their intervals and
// d = a - b, the interval is that of MOVER (method of variance estimates
// recovery), which keeps each side's own length:
//   d - sqrt((a - la)^2 + (ub - b)^2)  to  d + sqrt((ua - a)^2 + (b - lb)^2).
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_GAP_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_GAP_H_

#include "privacy/estimate/critical.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/result.h"

namespace commonwage::privacy::estimate {

// What a gap that is clear in four of five cases needs beyond its interval's
// reach: the 80 % quantile of the normal distribution.
inline constexpr double kDetectionReach = 0.8416212335729143;

// Below this gap, "no clear difference" can mean something: kTooLittleData is
// said of gaps that could not have shown a fifth.
inline constexpr double kGapWorthSeeing = 0.2;

// Returns a / b - 1. Where a quantile is off the grid, or its interval open,
// so is the result; a side is closed at the grid's ends never.
Estimate RelativeDifference(const LogQuantile& a, const LogQuantile& b);

// Returns the gap of `a` and `b`, their estimates and the verdict included.
Gap GapOf(const LogQuantile& a, const LogQuantile& b, const Critical& critical);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_GAP_H_
