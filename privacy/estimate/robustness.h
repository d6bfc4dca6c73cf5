// SPDX-License-Identifier: Apache-2.0
// How far false answers can have moved a quantile. A false answer stands on the
// other side of the quantile than the true one would, at worst, so k of them
// move its rank by k; how many wages that is, the counts around it tell.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_ROBUSTNESS_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_ROBUSTNESS_H_

#include <cstdint>
#include <optional>

#include "privacy/model/cell_cdf.h"

namespace commonwage::privacy::estimate {

// Returns the larger of the two distances, as a fraction of the quantile `p`,
// to the wages that are `k` ranks below and above it by the isotonic sums
// (rank_statistic.h), pay being spread inside a bin as the grid says. Returns
// nullopt if
// there are not so many workers on one of its sides, or a wage is in an open
// bin. Needs 0 < p < 1 and k >= 1.
std::optional<double> FindShiftByFalse(const model::CellCdf& cdf, double p,
                                       int64_t k);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_ROBUSTNESS_H_
