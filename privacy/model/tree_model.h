// SPDX-License-Identifier: Apache-2.0
// Least squares over the noisy tree of one cell, in closed form.
//
// A tree measures the same workers once per level, so that its nodes disagree.
// Generalised least squares gives the leaf counts that agree best. With
//   blk_l    = leaves under a node of level l,
//   P_l      = the average over blocks of blk_l leaves (P_-1 = 0),
//   lambda_l = sum over m >= l of blk_m / v_m, v_m the noise variance of level
//   m, g_i      = sum over m of (node of level m above leaf i) / v_m,
// the estimate and its covariance are
//   x   = sum_l (1 / lambda_l) (P_l - P_{l-1}) g
//   Cov = sum_l (1 / lambda_l) (P_l - P_{l-1}).
// The model depends on the plan only. Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_MODEL_TREE_MODEL_H_
#define COMMONWAGE_PRIVACY_MODEL_TREE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace commonwage::privacy::model {

class TreeModel {
 public:
  // `fanouts` as in a plan; `level_variances` is the exact variance of each
  // level's noise, root first, one more entry than `fanouts`, all > 0. Infinity
  // says that a level was not measured; the last level must be.
  TreeModel(absl::Span<const int64_t> fanouts,
            absl::Span<const double> level_variances);

  size_t bins() const { return bins_; }
  size_t node_count() const { return node_count_; }

  // Least-squares counts of the bins. Needs node_count() nodes, root first,
  // level by level, left to right.
  std::vector<double> FitLeaves(absl::Span<const double> nodes) const;

  // The same under the condition that no count is negative: the x >= 0 with
  // (x - leaves)' Cov^-1 (x - leaves) least, `leaves` being what FitLeaves()
  // returned. Exact but for rounding: with g the residuals of the nodes above
  // each leaf over their variances, summed, g_i = 0 where x_i > 0 and g_i <= 0
  // where x_i = 0. By block principal pivoting (Portugal, Judice and Vicente
  // 1994), each step a least-squares fit over the leaves that are not held at
  // 0. A picture of the distribution: biased upward where few work, so sums and
  // variances do not use it.
  std::vector<double> FitNonNegativeLeaves(
      absl::Span<const double> leaves) const;

  // The nodes, without noise, over bins that hold `scale` * shares[i] workers.
  std::vector<double> NodesOf(absl::Span<const double> shares,
                              double scale) const;

  // Variance of the noise of each node, in the order of the nodes.
  std::vector<double> NodeVariances() const;

  // For j = 0..bins(): variance of L_j, the sum of the first j leaves.
  const std::vector<double>& prefix_variance() const {
    return prefix_variance_;
  }

  // Covariance of L_j with the total T, which is j times this.
  double total_covariance_per_bin() const { return 1.0 / lambda_[0]; }

  // Variance of T.
  double total_variance() const { return prefix_variance_.back(); }

  // Variance of one leaf; the same for all.
  double leaf_variance() const { return leaf_variance_; }

  // Variance of sum_i weights[i] * leaf_i. Needs bins() weights.
  double VarianceOf(absl::Span<const double> weights) const;

 private:
  struct Level {
    size_t block = 0;   // Leaves per node.
    size_t offset = 0;  // Of its first node among all nodes.
    double precision = 0;
  };

  // Least squares over `nodes` with the leaves that are not `free` held at 0.
  std::vector<double> FitFree(absl::Span<const double> nodes,
                              const std::vector<bool>& free) const;

  // Per leaf: the residuals of the nodes above it over their variances, summed.
  std::vector<double> Gradients(absl::Span<const double> nodes,
                                absl::Span<const double> fit) const;

  size_t bins_ = 1;
  size_t node_count_ = 0;
  std::vector<Level> levels_;
  std::vector<double> lambda_;
  std::vector<uint32_t> ancestors_;  // Node above each leaf, per level.
  std::vector<double> prefix_variance_;
  double leaf_variance_ = 0;
};

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_TREE_MODEL_H_
