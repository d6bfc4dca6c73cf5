// SPDX-License-Identifier: Apache-2.0
// What each shown cell of a table says of itself, ready to be modelled.
//
// Two targets are modelled, both in log pay: the median, and the distance of
// another quantile from it, which differs less from cell to cell than the
// quantile itself.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_DIRECT_ESTIMATES_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_DIRECT_ESTIMATES_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/quantile.h"
#include "privacy/estimate/variance_function.h"
#include "privacy/model/marginal_view.h"

namespace commonwage::privacy::estimate {

inline constexpr double kMedian = 0.5;

// A shown cell whose median and quantile p are inside the grid.
struct CellQuantiles {
  size_t cell = 0;
  std::vector<size_t> values;  // Value index per dimension.
  double workers = 0;          // T, 1 at least.
  LogQuantile median;
  LogQuantile at_p;
};

// One target of one cell, by the cell alone.
struct DirectEstimate {
  double value = 0;
  Deviations deviations;
  Deviations of_median;  // Those of the two quantiles that it is made of.
  Deviations of_other;
};

// Returns the cells of `view` that can be modelled, in order. Needs 0 < p < 1.
std::vector<CellQuantiles> FindCellQuantiles(const model::MarginalView& view,
                                             double p);

// Returns of each of `cells`, which are of one table, the median if p is
// kMedian, else the distance of the quantile p from the median.
std::vector<DirectEstimate> MakeDirectEstimates(
    absl::Span<const CellQuantiles> cells, double p);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_DIRECT_ESTIMATES_H_
