// SPDX-License-Identifier: Apache-2.0
// The cumulative count of one cell, or of several added up, with what is known
// about its errors: all that the statistics of a cell are computed from.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_MODEL_CELL_CDF_H_
#define COMMONWAGE_PRIVACY_MODEL_CELL_CDF_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/model/pay_grid.h"
#include "privacy/model/tree_model.h"

namespace commonwage::privacy::model {

// What the cells of one marginal share. Made once per marginal.
struct CellModel {
  TreeModel tree;
  PayGrid grid;
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
  double total() const { return sums_.back(); }

  // U_j: workers in the first j bins, 0 <= j <= bins(), by least squares:
  // unbiased, and neither rising nor positive for certain.
  double Sum(size_t j) const { return sums_[j]; }

  // T, or 1 if it is less: what shares and sampling errors are divided by.
  double size() const { return total() > 1 ? total() : 1; }

  // Variance that noise gives to U_j - p T:
  // V_U(j) - 2 p cov(U_j, T) + p^2 V_T.
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

 private:
  const CellModel* model_;
  double parts_;
  std::vector<double> leaves_;
  std::vector<double> sums_;  // bins() + 1 of them.
};

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_CELL_CDF_H_
