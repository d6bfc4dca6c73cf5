// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/cell_cdf.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "privacy/estimate/isotonic.h"

namespace commonwage::privacy::estimate {

CellCdf::CellCdf(const CellModel& model, std::vector<double> leaves,
                 size_t parts)
    : model_(&model),
      parts_(static_cast<double>(parts)),
      leaves_(std::move(leaves)) {
  const size_t bins = leaves_.size();
  COMMONWAGE_CHECK(bins == model.tree.bins() && bins == model.grid.bins());
  COMMONWAGE_CHECK(parts >= 1);
  std::vector<double> cumulative(bins);
  std::vector<double> weights(bins);
  for (size_t b = 0; b < bins; ++b) {
    total_ += leaves_[b];
    cumulative[b] = total_;
    weights[b] = 1 / model.tree.prefix_variance()[b + 1];
  }
  below_.reserve(bins + 1);
  below_.push_back(0);
  // Below the first edge there are no fewer than 0 workers; cutting the
  // isotonic fit there is the fit under that condition too.
  for (const double fit : Isotonic(cumulative, weights)) {
    below_.push_back(std::max(fit, 0.0));
  }
  allowances_ = model.heaps.Allowances(leaves_, LeafVariance());
}

}  // namespace commonwage::privacy::estimate
