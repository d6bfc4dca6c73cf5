// SPDX-License-Identifier: Apache-2.0
// Small-area estimation for one table: what a cell says of itself, drawn toward
// what the rest of the release says of it.
//
// From the direct estimate y with s^2 = noise^2 + sampling^2 the effects of
// coarser tables are taken (parent_effects.h), the rest is fitted additively
// (additive_fit.h) with error variances noise^2 + 2 sampling^2: a cell is a
// finite group, whose quantile strays from its population's by `sampling`,
// whatever is measured. That gives, without the cell itself,
//   m = effects + prediction,   v = tau^2 + its standard error + P + sampling^2
// and the composite estimate
//   y + B (m - y),   B = s^2 / (s^2 + c v).
// With c = 1 that would be best on average if the model were right. A larger c
// costs little of that, as B is flat around its best, and saves most of the
// loss where a cell is unlike the others: kMedianCaution, and
// kDistanceCaution for distances from the median, whose errors are often small
// and sometimes huge, so that s^2 says too much of the usual ones.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_SMALL_AREA_MODEL_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_SMALL_AREA_MODEL_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/direct_estimates.h"
#include "privacy/estimate/fab_limits.h"
#include "privacy/model/marginal_view.h"

namespace commonwage::privacy::estimate {

// No privacy implications, here and below.
inline constexpr double kMedianCaution = 3;
inline constexpr double kDistanceCaution = 5;

// One target of one cell, before and after.
struct SmallAreaEstimate {
  DirectEstimate direct;
  Expectation expected;       // m and v.
  double model_variance = 0;  // v without the sampling error.
  double borrowed = 0;        // B

  // How far the estimate is drawn.
  double Move() const { return borrowed * (expected.mean - direct.value); }
};

// The cells of a table that can be modelled, and of each the estimate.
struct SmallAreaModel {
  std::vector<CellQuantiles> cells;
  std::vector<SmallAreaEstimate> estimates;
};

// Returns the model of table `index` for the median if p is kMedian, else for
// the distance of the quantile p, 0 < p < 1, from it. `views` are all marginals
// of the release. A table of three or more dimensions needs models of those
// with two of them, which are made on the way.
SmallAreaModel ModelTable(absl::Span<const model::MarginalView> views,
                          size_t index, double p);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_SMALL_AREA_MODEL_H_
