// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/cell_cdf.h"

#include <algorithm>

#include "base/check.h"

namespace commonwage::privacy::estimate {

CellCdf::CellCdf(const CellModel& model, absl::Span<const double> nodes,
                 size_t parts)
    : model_(&model),
      parts_(static_cast<double>(parts)),
      leaves_(model.tree.Leaves(nodes)) {
  COMMONWAGE_CHECK(leaves_.size() == model.grid.bins());
  COMMONWAGE_CHECK(parts >= 1);
  below_.reserve(leaves_.size() + 1);
  below_.push_back(0);
  for (const double count : model.tree.NonNegativeLeaves(nodes, leaves_)) {
    below_.push_back(below_.back() + count);
  }
  for (const double leaf : leaves_) {
    total_ += leaf;
  }
  size_ = std::max(below_.back(), 1.0);
  allowances_ = model.heaps.Allowances(leaves_, LeafVariance());
}

}  // namespace commonwage::privacy::estimate
