// SPDX-License-Identifier: Apache-2.0
// Limits of a quantile that lean on what other cells say, and hold in every
// single cell whether it is like the others or not: a FAB interval
// (frequentist, assisted by Bayes; Yu and Hoff 2018).
//
// A usual interval leaves the same chance to both of its sides. But if pay in
// a cell is expected around m with variance v, a high candidate theta is more
// cheaply ruled out by low data than by high data. So each theta is tested
// anew, with the chance `kMiss` of ruling it out by mistake shared between the
// sides as is cheapest for that theta:
//   w kMiss if data are too low for it, (1 - w) kMiss if they are too high,
//   Phi^-1(kMiss w) - Phi^-1(kMiss (1 - w)) = 2 s (theta - m) / v,
// s being the standard deviation of the cell's own quantile, and w one of a few
// (fab_weights.h). Whatever m, v and
// s are, both chances add up to kMiss: they decide about width alone. m and v
// must come from other cells.
//
// A test is that of rank_statistic.h at an edge, and limits move outward as
// those of quantile.h, so they hold on pay scales and round pay too. If the
// true quantile lies in bin c, it is missed if the data are too low for edge c
// or too high for edge c + 1; w does not fall along the grid, so these chances
// are at most w_c + (1 - w_{c+1}) <= 1 times kMiss.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_FAB_LIMITS_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_FAB_LIMITS_H_

#include "privacy/estimate/quantile.h"
#include "privacy/model/cell_cdf.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::estimate {

// Where a quantile is expected, in log pay, by what is not the cell itself.
struct Expectation {
  double mean = 0;      // m
  double variance = 0;  // v > 0
};

// Sets the limits of `quantile`, which is the quantile `p` of `cdf` measured
// under `mechanism`, and whose error has the standard deviation `deviation`
// > 0.
void SetFabLimits(const model::CellCdf& cdf, double p, Mechanism mechanism,
                  const Expectation& expected, double deviation,
                  LogQuantile& quantile);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_FAB_LIMITS_H_
