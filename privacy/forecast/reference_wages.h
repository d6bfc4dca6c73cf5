// SPDX-License-Identifier: Apache-2.0
// The wages that a forecast assumes, as nobody has answered yet.

#ifndef COMMONWAGE_PRIVACY_FORECAST_REFERENCE_WAGES_H_
#define COMMONWAGE_PRIVACY_FORECAST_REFERENCE_WAGES_H_

#include <cmath>

#include "privacy/model/pay_grid.h"

namespace commonwage::privacy::forecast {

// Log-normal wages on a grid: median at the geometric middle of its ends, the
// standard deviation of the logarithm 0.5 or a quarter of the grid's width.
struct ReferenceWages {
  explicit ReferenceWages(const model::PayGrid& grid);

  double log_median = 0;
  double log_sd = 0;

  double Median() const { return std::exp(log_median); }
};

}  // namespace commonwage::privacy::forecast

#endif  // COMMONWAGE_PRIVACY_FORECAST_REFERENCE_WAGES_H_
