// SPDX-License-Identifier: Apache-2.0
// How much more or less one group is paid than another, its base: the ratio of
// two quantiles of independent cells, or of one cell in two rounds.
//
// With a, b the log quantiles of group and base, d = a - b, (la, ua) and (lb,
// ub) their intervals, and (pa, qa), (pb, qb) the ends of the bins that a and b
// are in, the interval is
//   d - (a - pa) - (qb - b) - sqrt((pa - la)^2 + (ub - qb)^2)  to
//   d + (qa - a) + (b - pb) + sqrt((ua - qa)^2 + (pb - lb)^2).
// The roots are MOVER (method of variance estimates recovery): chance errs on
// both sides at once only now and then. Where inside a bin a rate stands is not
// chance: on a pay scale it is the same end in every round, so those lengths
// add. Left out, the gaps of a scale of five steps were missed nine times in
// ten. A limit nearer than the end of its bin is no length: that square is 0.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_GAP_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_GAP_H_

#include "privacy/estimate/quantile.h"
#include "privacy/estimate/result.h"

namespace commonwage::privacy::estimate {

// How many of a gap's own standard deviations it must lie beyond its interval's
// reach to be clear in four of five cases: the 80 % quantile of the normal
// distribution.
inline constexpr double kDetectionReach = 0.8416212335729143;

// Above these differences "no clear difference" would mean nothing:
// kTooLittleData is said of figures that could not have shown a gap of a fifth,
// or a change of a tenth. No privacy implications.
inline constexpr double kGapWorthSeeing = 0.2;
inline constexpr double kChangeWorthSeeing = 0.1;

// Returns a / base - 1. Where a quantile is off the grid it is a bound, and no
// estimate: `position` says in which direction, `value` is the interval's end
// on the closed side, which is what can be said ("at least 65 % less"), and
// there are no deviations. Where both are off the same end, or the interval is
// open on that side too, `position` is kUnknown and `value` 0: no number. A
// side is closed at the grid's ends never.
Estimate EstimateDifference(const LogQuantile& a, const LogQuantile& base);

// Returns the same with its verdict, which may be kClear of a bound, and the
// smallest difference that would have been seen in four of five cases: the
// interval's reach and kDetectionReach standard deviations of noise and
// sampling error (where in its bins pay stands does not vary from release to
// release). For kNoClearDifference it must be at most `worth_seeing`, such as
// kGapWorthSeeing.
Difference JudgeDifference(const LogQuantile& a, const LogQuantile& base,
                           double worth_seeing);

// Takes the verdict from a difference one of whose cells is near the threshold:
// figures too poor to quote cannot carry one.
void TakeVerdict(Difference& difference);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_GAP_H_
