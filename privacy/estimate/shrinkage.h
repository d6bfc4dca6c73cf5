// SPDX-License-Identifier: Apache-2.0
// Modelled quantiles: a small cell's own estimate d is drawn toward that of its
// parent m, a coarser cell of the same release, because cells are known to
// differ from their parents only so much.
//
// How much, tau, is estimated from all shown cells of the table together, and
// rather too large than too small: with weights w_i = 1 / (s_i^2 + sP_i^2), and
// mean being the weighted mean over M cells,
//   tau^2 = mean((d - m)^2) (1 + sqrt(2 / M)) - mean(sampling^2),
// but at least half of mean((d - m)^2).
// Noise is not subtracted: for small cells, s overstates it.
//
// The value is x = w d + B m with w = tau^2 / (tau^2 + s0^2), B = 1 - w, s0
// being s before limits are moved outward for heaps; and
//   V = w^2 s^2 + B^2 sP^2 + 2 w B sampling_P^2,   m2 = B^2 tau^2 / V,
//   interval x +- RobustReach(sqrt(m2)) sqrt(V),
// the robust empirical Bayes interval of Armstrong, Kolesar and Plagborg-Moller
// (2022): it holds on average over the cells of the table, whatever the law of
// their differences. It is not a statement about one cell against its parent.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_SHRINKAGE_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_SHRINKAGE_H_

#include <cstddef>
#include <optional>

#include "absl/types/span.h"

#include "privacy/estimate/critical.h"
#include "privacy/estimate/pay_grid.h"
#include "privacy/estimate/quantile.h"

namespace commonwage::privacy::estimate {

// The same quantile of a cell and of its parent.
struct Kin {
  LogQuantile cell;
  LogQuantile parent;
};

// Fewer shown cells than this say nothing about tau. No privacy implications,
// here and below.
inline constexpr size_t kFewestKin = 5;
// tau is never taken to be smaller.
inline constexpr double kLeastSpread = 0.02;
// A cell this many standard deviations from its parent is left as it is.
inline constexpr double kConflict = 2.0;

// Returns tau, in logarithm; nullopt if too few of `kin` are inside the grid.
std::optional<double> SpreadAroundParents(absl::Span<const Kin> kin,
                                          const Critical& critical);

// Returns the modelled quantile, `modelled` set; or kin.cell as it is where the
// parent is off the grid, or contradicts it, or would not narrow the interval.
// Its sampling_sd includes what it may differ from its parent.
LogQuantile Shrunk(const Kin& kin, double spread, const PayGrid& grid,
                   const Critical& critical);

// Returns c such that |N + b| > c in at most one of twenty cases for a standard
// normal N and any independent b whose mean square is `root_mean_square`^2.
double RobustReach(double root_mean_square);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_SHRINKAGE_H_
