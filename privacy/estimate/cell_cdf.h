// SPDX-License-Identifier: Apache-2.0
// The cumulative count of one cell, or of several added up, with what is known
// about its errors: all that the statistics of a cell are computed from.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_CELL_CDF_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_CELL_CDF_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/heaps.h"
#include "privacy/estimate/pay_grid.h"
#include "privacy/estimate/tree_model.h"

namespace commonwage::privacy::estimate {

// What the cells of one marginal share. Made once per marginal.
struct CellModel {
  TreeModel tree;
  PayGrid grid;
  HeapDetector heaps;
};

// Immutable. Keeps a reference to its model, which must outlive it.
class CellCdf {
 public:
  // `nodes` are noisy nodes of `model.tree`, summed over `parts` disjoint
  // cells, parts >= 1.
  CellCdf(const CellModel& model, absl::Span<const double> nodes, size_t parts);

  const CellModel& model() const { return *model_; }
  const PayGrid& grid() const { return model_->grid; }
  size_t bins() const { return leaves_.size(); }

  // Least-squares count per bin; may be negative.
  const std::vector<double>& leaves() const { return leaves_; }

  // T, the least-squares total: unbiased, and possibly negative.
  double total() const { return total_; }

  // Workers in the first j bins, 0 <= j <= bins(), by the isotonic fit:
  // non-decreasing from 0 to size().
  double Below(size_t j) const { return below_[j]; }

  // All workers by the isotonic fit, at least 1.
  double size() const { return size_; }

  // Workers that Below() puts into bin b.
  double Mass(size_t b) const { return below_[b + 1] - below_[b]; }

  // Variance that noise gives to L_j - p T:
  // V_L(j) - 2 p cov(L_j, T) + p^2 V_T.
  double NoiseVariance(size_t j, double p) const {
    const TreeModel& tree = model_->tree;
    return parts_ *
           (tree.prefix_variance()[j] -
            2 * p * static_cast<double>(j) * tree.total_covariance_per_bin() +
            p * p * tree.total_variance());
  }

  // Variance that noise gives to T, to one leaf, and to a weighted sum of
  // leaves.
  double TotalVariance() const {
    return parts_ * model_->tree.total_variance();
  }
  double LeafVariance() const { return parts_ * model_->tree.leaf_variance(); }
  double VarianceOf(const std::vector<double>& weights) const {
    return parts_ * model_->tree.VarianceOf(weights);
  }

  // Per bin, as HeapDetector::Allowances.
  const std::vector<double>& allowances() const { return allowances_; }

 private:
  const CellModel* model_;
  double parts_;
  std::vector<double> leaves_;
  double total_ = 0;
  double size_ = 1;
  std::vector<double> below_;
  std::vector<double> allowances_;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_CELL_CDF_H_
