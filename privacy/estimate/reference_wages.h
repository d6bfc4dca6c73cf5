// SPDX-License-Identifier: Apache-2.0
// The wages that a forecast assumes, as nobody has answered yet.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_REFERENCE_WAGES_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_REFERENCE_WAGES_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "privacy/estimate/cell_cdf.h"
#include "privacy/estimate/pay_grid.h"
#include "survey/plan.h"

namespace commonwage::privacy::estimate {

// Log-normal wages on a grid: median at the geometric middle of its ends, the
// standard deviation of the logarithm 0.5 or a quarter of the grid's width.
struct ReferenceWages {
  explicit ReferenceWages(const PayGrid& grid);

  double log_median = 0;
  double log_sd = 0;
  std::vector<double> shares;  // Of workers, per bin; their sum is 1.

  double Median() const { return std::exp(log_median); }
};

// Returns the half-width, in logarithm, of the 95 % interval of the median of
// `n` such workers under `mechanism`'s noise, as it is in the middle one of
// many rounds, shown or not; negative if there it reaches an end of the grid.
//
// Small cells have no such thing as typical counts: what noise does to the
// order of bins, and what the rule for heaps makes of it, is most of their
// width. So the middle is taken over kForecastRounds rounds that are worked out
// in full, at fixed points that fill the space of all noises and workers evenly
// (a Latin hypercube made from a fixed sequence): no randomness, the same for
// everybody.
double ExpectedMedianHalfWidth(const CellModel& model,
                               const ReferenceWages& wages, int64_t n,
                               Mechanism mechanism);

// No privacy implications.
inline constexpr size_t kForecastRounds = 64;

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_REFERENCE_WAGES_H_
