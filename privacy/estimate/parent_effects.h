// SPDX-License-Identifier: Apache-2.0
// What coarser tables say about the cells of a finer one before it is looked
// at: each value of a dimension has an effect, each pair of values may have one
// of its own.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_PARENT_EFFECTS_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_PARENT_EFFECTS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/direct_estimates.h"

namespace commonwage::privacy::estimate {

// Returns the effects of the cells of a table of one dimension: how much they
// are above the weighted mean, weights 1 / (0.05^2 + s^2), s^2 being a cell's
// own variance, shrunk by t / (t + s^2) with t = mean(effect^2) - mean(s^2),
// 0.01^2 at least.
std::vector<double> FitMainEffects(absl::Span<const DirectEstimate> estimates);

// A cell of a table of two dimensions.
struct PairValue {
  size_t row = 0;
  size_t column = 0;
  double value = 0;
  double workers = 0;
};

// Returns what is left of each value after overall mean, row and column effects
// are taken out by weighted sweeps; weights are the workers, up to 1,000.
std::vector<double> FitInteractions(absl::Span<const PairValue> pairs);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_PARENT_EFFECTS_H_
