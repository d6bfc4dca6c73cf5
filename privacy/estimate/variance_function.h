// SPDX-License-Identifier: Apache-2.0
// What a cell's own quantile is off by, told from its size and from all cells
// of its table together: a generalised variance function.
//
// The deviation that one small cell shows of itself is as noisy as its
// quantile. With T workers, and g the density of log pay at the quantile p,
//   sampling = sqrt(p (1 - p) / T) / g,   noise = r sampling,
// r being the cell's own ratio, which follows from T and the plan. Cells of one
// table have much the same g, so it is the weighted median of what the cells
// show: weights min(T, 300), over cells with a closed interval whose noise is
// small against their tail, 2 r sqrt(T p (1 - p)) <= min(p, 1 - p) T; over all
// cells if these are fewer than kFewestResolved.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_VARIANCE_FUNCTION_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_VARIANCE_FUNCTION_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/quantile.h"

namespace commonwage::privacy::estimate {

// Standard deviations of a quantile, in log pay.
struct Deviations {
  double sampling = 0;
  double noise = 0;

  double Variance() const { return sampling * sampling + noise * noise; }
};

// A cell's own quantile, and T.
struct SizedQuantile {
  LogQuantile quantile;
  double workers = 0;
};

// No privacy implications.
inline constexpr size_t kFewestResolved = 5;

// Returns the smoothed deviations of each of `cells`, of one table and one p,
// 0 < p < 1. Needs workers, noise_sd and sampling_sd > 0.
std::vector<Deviations> SmoothDeviations(absl::Span<const SizedQuantile> cells,
                                         double p);

// Returns the deviations of a Q_p + b Q_q, p and q quantiles of one cell, given
// those of each. Their errors go together as those of a sample's quantiles do,
// with correlation sqrt(p (1 - q) / (q (1 - p))) for p <= q.
Deviations CombineDeviations(double a, const Deviations& at_p, double p,
                             double b, const Deviations& at_q, double q);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_VARIANCE_FUNCTION_H_
