// SPDX-License-Identifier: Apache-2.0
// Quantiles of pay, with intervals that hold on every kind of pay.
//
// With D' and its reach z S at every edge of the grid (rank_statistic.h),
//   a = the first edge with D' + z S >= 0,  b = the last with D' - z S <= 0,
//   low = edge a - 1 (open below if a <= 1),
//   high = edge b + 1 (open above if b + 1 is past the last edge),
//   value = the middle of the first and the last zero of D' in log pay.
// Limits always stand on edges, outward. Counts in bins of some width cannot
// show that pay inside a bin is smooth: eight steps of a pay scale, one to a
// bin, look just like a curve. If the true quantile lies in bin c, then
// E D_c <= 0 <= E D_{c+1}, so that each side misses only if the test of one
// edge does. A bin that the plan gives to a step of a pay scale has nobody but
// on the step: a limit or a value in it is the step.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_QUANTILE_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_QUANTILE_H_

#include <cstddef>

#include "privacy/estimate/estimate.h"
#include "privacy/model/cell_cdf.h"
#include "privacy/model/critical.h"
#include "privacy/model/pay_grid.h"

namespace commonwage::privacy::estimate {

// A quantile in natural logarithm of minor units, as ratios need it.
struct LogQuantile {
  double value = 0;  // The grid's end if `position` is not kInside.
  Position position = Position::kInside;
  double low = 0;  // The grid's end if open.
  double high = 0;
  bool open_low = false;
  bool open_high = false;
  // How far the bin in which the value lies reaches below and above it; 0 on a
  // step, and off the grid. Where in its bin the quantile is, nothing tells:
  // two of them can both be at an end, each time, and then their errors add up.
  double within_low = 0;
  double within_high = 0;
  // From the limits before they are moved outward, where D' +- z S is zero:
  // noise_sd^2 + sampling_sd^2 = (half-width / z)^2, divided as the variances
  // of D are.
  double noise_sd = 0;
  double sampling_sd = 0;
  double model_sd = 0;  // Of what a modelled quantile borrowed; else 0.
  bool modelled = false;

  // Half-width of the interval; where it is open, up to the grid's end.
  double HalfWidth() const { return (high - low) / 2; }
};

// Returns the quantile `p`, 0 < p < 1.
LogQuantile FindQuantile(const model::CellCdf& cdf, double p,
                         const model::Critical& critical);

// Sets the limits outward from the first edge that is not too low for the
// quantile, bins() + 1 if there is none, and from one past the last that is not
// too high, 0 if there is none.
void SetOutwardLimits(const model::PayGrid& grid, size_t first,
                      size_t past_last, LogQuantile& result);

// The same in minor units, with its quality.
Estimate WageOf(const LogQuantile& quantile);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_QUANTILE_H_
