// SPDX-License-Identifier: Apache-2.0
// The wages that a forecast assumes, as nobody has answered yet.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_REFERENCE_WAGES_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_REFERENCE_WAGES_H_

#include <cmath>
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
// `n` such workers under `mechanism`'s noise, with counts as expected; negative
// if it reaches an end of the grid.
double ExpectedMedianHalfWidth(const CellModel& model,
                               const ReferenceWages& wages, int64_t n,
                               Mechanism mechanism);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_REFERENCE_WAGES_H_
