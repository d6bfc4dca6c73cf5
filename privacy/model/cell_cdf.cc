// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/cell_cdf.h"

#include "base/check.h"

namespace commonwage::privacy::model {

CellCdf::CellCdf(const CellModel& model, absl::Span<const double> nodes,
                 size_t parts)
    : model_(&model),
      parts_(static_cast<double>(parts)),
      // Least squares are linear, so fitting the sum of cells is summing fits.
      leaves_(model.tree.FitLeaves(nodes)) {
  COMMONWAGE_CHECK(leaves_.size() == model.grid.bins());
  COMMONWAGE_CHECK(parts >= 1);
  sums_.reserve(leaves_.size() + 1);
  sums_.push_back(0);
  for (const double leaf : leaves_) {
    sums_.push_back(sums_.back() + leaf);
  }
}

}  // namespace commonwage::privacy::model
