// SPDX-License-Identifier: Apache-2.0
// Quantiles of pay, with intervals by test inversion.
//
// With D(x) = L(x) - p T, the quantile is where D crosses zero: linear in log
// wage inside a bin, the middle of a plateau at zero. A wage x is in the
// interval unless the release contradicts "a share p is paid less than x": with
//   S(x)^2 = Var D(x) + max(T, 1) p (1 - p)   (noise, and sampling error)
// the limits are the first x with D + z S >= 0 and the last with D - z S <= 0.
// In a bin that is not shown to be smooth (heaps.h) D may be off by the bin's
// allowance, so that limits move outward, to the bin's edge at most.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_QUANTILE_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_QUANTILE_H_

#include "privacy/estimate/cell_cdf.h"
#include "privacy/estimate/critical.h"
#include "privacy/estimate/estimate.h"

namespace commonwage::privacy::estimate {

// A quantile in natural logarithm of minor units, as ratios need it.
struct LogQuantile {
  double value = 0;  // The grid's end if `position` is not kInside.
  Position position = Position::kInside;
  double low = 0;  // The grid's end if open.
  double high = 0;
  bool open_low = false;
  bool open_high = false;
  // From the limits before they are moved outward: noise_sd^2 + sampling_sd^2 =
  // (half-width / z)^2, divided as the variances of D are.
  double noise_sd = 0;
  double sampling_sd = 0;
  bool modelled = false;

  // Half-width of the interval; where it is open, up to the grid's end.
  double HalfWidth() const { return (high - low) / 2; }
};

// Returns the quantile `p`, 0 < p < 1.
LogQuantile FindQuantile(const CellCdf& cdf, double p,
                         const Critical& critical);

// The same in minor units, with its quality.
Estimate WageOf(const LogQuantile& quantile);

// Limits of the quantile alone, without moving them outward: right only where
// wages are known to be smooth. What FindQuantile begins with.
LogQuantile FindSmoothQuantile(const CellCdf& cdf, double p,
                               const Critical& critical);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_QUANTILE_H_
