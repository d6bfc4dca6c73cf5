// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/tree_model.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace commonwage::privacy::model {
namespace {

// How often all wrong leaves change sides at once without any progress before
// only one does, which always ends. No privacy implications, here and below.
constexpr int kPatience = 3;
// Gradients this small, in parts of the largest possible, are rounding.
constexpr double kRounding = 1e-12;

// Squared length of P_l applied to "1 for the first j leaves, 0 after".
double SquaredPrefix(size_t j, size_t block) {
  const size_t whole = j / block * block;
  const auto rest = static_cast<double>(j - whole);
  return static_cast<double>(whole) + rest * rest / static_cast<double>(block);
}

}  // namespace

TreeModel::TreeModel(absl::Span<const int64_t> fanouts,
                     absl::Span<const double> level_variances) {
  COMMONWAGE_CHECK(level_variances.size() == fanouts.size() + 1);
  for (const int64_t fanout : fanouts) {
    COMMONWAGE_CHECK(fanout >= 1);
    bins_ *= static_cast<size_t>(fanout);
  }
  size_t block = bins_;
  for (size_t l = 0; l < level_variances.size(); ++l) {
    COMMONWAGE_CHECK(level_variances[l] > 0);
    levels_.push_back({block, node_count_, 1.0 / level_variances[l]});
    node_count_ += bins_ / block;
    if (l < fanouts.size()) {
      block /= static_cast<size_t>(fanouts[l]);
    }
  }
  // Unmeasured, the leaves under one node could be shared out in any way.
  COMMONWAGE_CHECK(levels_.back().precision > 0);

  // Nested averages make P_l - P_{l-1} projections on subspaces at right
  // angles, and on each of them X' V^-1 X is the number lambda_l: what would be
  // the inverse of a matrix is a division (Hay, Rastogi, Miklau and Suciu 2010
  // do the same with one variance for all levels).
  lambda_.resize(levels_.size());
  double lambda = 0;
  for (size_t l = levels_.size(); l-- > 0;) {
    lambda += static_cast<double>(levels_[l].block) * levels_[l].precision;
    lambda_[l] = lambda;
  }

  // A table, as the search for counts that are not negative asks in each step.
  for (size_t i = 0; i < bins_; ++i) {
    for (const Level& level : levels_) {
      ancestors_.push_back(
          static_cast<uint32_t>(level.offset + i / level.block));
    }
  }

  // Projections that are nested: |(P_l - P_{l-1}) a|^2 is |P_l a|^2 less
  // |P_{l-1} a|^2, so that no covariance between leaves is ever formed.
  prefix_variance_.resize(bins_ + 1);
  for (size_t j = 0; j <= bins_; ++j) {
    double coarser = 0;
    for (size_t l = 0; l < levels_.size(); ++l) {
      const double length = SquaredPrefix(j, levels_[l].block);
      prefix_variance_[j] += (length - coarser) / lambda_[l];
      coarser = length;
    }
  }
  // Nodes of a level have the same fanout: what holds of one leaf holds of all.
  leaf_variance_ = prefix_variance_[1];
}

std::vector<double> TreeModel::FitLeaves(absl::Span<const double> nodes) const {
  COMMONWAGE_CHECK(nodes.size() == node_count_);
  std::vector<double> weighted(bins_);  // g
  for (const Level& level : levels_) {
    for (size_t i = 0; i < bins_; ++i) {
      weighted[i] +=
          static_cast<double>(nodes[level.offset + i / level.block]) *
          level.precision;
    }
  }
  // sum_l (P_l - P_{l-1}) g / lambda_l, gathered by P_l.
  std::vector<double> leaves(bins_);
  for (size_t l = 0; l < levels_.size(); ++l) {
    const size_t block = levels_[l].block;
    double factor = 1.0 / lambda_[l];
    if (l + 1 < levels_.size()) {
      factor -= 1.0 / lambda_[l + 1];
    }
    for (size_t begin = 0; begin < bins_; begin += block) {
      double sum = 0;
      for (size_t i = begin; i < begin + block; ++i) {
        sum += weighted[i];
      }
      const double share = sum / static_cast<double>(block) * factor;
      for (size_t i = begin; i < begin + block; ++i) {
        leaves[i] += share;
      }
    }
  }
  return leaves;
}

std::vector<double> TreeModel::FitFree(absl::Span<const double> nodes,
                                       const std::vector<bool>& free) const {
  // Upward: what the nodes of a subtree say of its total, and how surely.
  std::vector<double> total(node_count_);
  std::vector<double> variance(node_count_);
  for (size_t l = levels_.size(); l-- > 0;) {
    const Level& level = levels_[l];
    for (size_t v = 0; v < bins_ / level.block; ++v) {
      const size_t node = level.offset + v;
      if (l + 1 == levels_.size()) {
        total[node] = free[v] ? nodes[node] : 0;
        variance[node] = free[v] ? 1 / level.precision : 0;
        continue;
      }
      const size_t fanout = level.block / levels_[l + 1].block;
      double sum = 0;
      double spread = 0;
      for (size_t c = 0; c < fanout; ++c) {
        sum += total[levels_[l + 1].offset + v * fanout + c];
        spread += variance[levels_[l + 1].offset + v * fanout + c];
      }
      // Else all leaves below are held at 0, and what was measured of them says
      // nothing any more.
      if (spread > 0) {
        const double precision = 1 / spread + level.precision;
        total[node] =
            (sum / spread + nodes[node] * level.precision) / precision;
        variance[node] = 1 / precision;
      }
    }
  }
  // Downward: a node's total is shared out by how unsure its parts are.
  for (size_t l = 0; l + 1 < levels_.size(); ++l) {
    const size_t fanout = levels_[l].block / levels_[l + 1].block;
    for (size_t v = 0; v < bins_ / levels_[l].block; ++v) {
      const size_t first = levels_[l + 1].offset + v * fanout;
      double rest = total[levels_[l].offset + v];
      double spread = 0;
      for (size_t c = first; c < first + fanout; ++c) {
        rest -= total[c];
        spread += variance[c];
      }
      for (size_t c = first; c < first + fanout && spread > 0; ++c) {
        total[c] += rest * variance[c] / spread;
      }
    }
  }
  return {total.begin() + static_cast<std::ptrdiff_t>(levels_.back().offset),
          total.end()};
}

std::vector<double> TreeModel::Gradients(absl::Span<const double> nodes,
                                         absl::Span<const double> fit) const {
  std::vector<double> rest = NodesOf(fit, -1);
  for (size_t node = 0; node < node_count_; ++node) {
    rest[node] += nodes[node];
  }
  const size_t depth = levels_.size();
  std::vector<double> gradients(bins_);
  for (size_t i = 0; i < bins_; ++i) {
    for (size_t l = 0; l < depth; ++l) {
      gradients[i] += rest[ancestors_[i * depth + l]] * levels_[l].precision;
    }
  }
  return gradients;
}

std::vector<double> TreeModel::FitNonNegativeLeaves(
    absl::Span<const double> leaves) const {
  COMMONWAGE_CHECK(leaves.size() == bins_);
  // Nodes that agree with the leaves: how far a fit is off them, squared over
  // their variances, is (x - leaves)' Cov^-1 (x - leaves). The noisy nodes
  // would add a constant.
  const std::vector<double> nodes = NodesOf(leaves, 1);
  double scale = 0;
  for (const double leaf : leaves) {
    scale += std::abs(leaf);
  }
  // lambda_0 is the largest eigenvalue of Cov^-1.
  const double tolerance = kRounding * scale * lambda_[0];
  std::vector<bool> free(bins_);
  for (size_t i = 0; i < bins_; ++i) {
    free[i] = leaves[i] > 0;
  }
  size_t fewest = bins_ + 1;
  int patience = kPatience;
  while (true) {
    std::vector<double> fit = FitFree(nodes, free);
    const std::vector<double> gradients = Gradients(nodes, fit);
    std::vector<size_t> wrong;
    for (size_t i = 0; i < bins_; ++i) {
      if (free[i] ? fit[i] < 0 : gradients[i] > tolerance) {
        wrong.push_back(i);
      }
    }
    if (wrong.empty()) {
      return fit;
    }
    if (wrong.size() < fewest) {
      fewest = wrong.size();
      patience = kPatience;
    } else if (patience-- <= 0) {
      // Murty's rule, always the last one: slow, but never in a circle.
      wrong.erase(wrong.begin(), wrong.end() - 1);
    }
    for (const size_t i : wrong) {
      free[i] = !free[i];
    }
  }
}

std::vector<double> TreeModel::NodesOf(absl::Span<const double> shares,
                                       double scale) const {
  COMMONWAGE_CHECK(shares.size() == bins_);
  std::vector<double> nodes(node_count_);
  for (size_t i = 0; i < bins_; ++i) {
    for (size_t l = 0; l < levels_.size(); ++l) {
      nodes[ancestors_[i * levels_.size() + l]] += scale * shares[i];
    }
  }
  return nodes;
}

std::vector<double> TreeModel::NodeVariances() const {
  std::vector<double> variances(node_count_);
  for (const Level& level : levels_) {
    for (size_t node = 0; node < bins_ / level.block; ++node) {
      variances[level.offset + node] = 1 / level.precision;
    }
  }
  return variances;
}

double TreeModel::VarianceOf(absl::Span<const double> weights) const {
  COMMONWAGE_CHECK(weights.size() == bins_);
  double variance = 0;
  double coarser = 0;
  for (size_t l = 0; l < levels_.size(); ++l) {
    const size_t block = levels_[l].block;
    double length = 0;
    for (size_t begin = 0; begin < bins_; begin += block) {
      double sum = 0;
      for (size_t i = begin; i < begin + block; ++i) {
        sum += weights[i];
      }
      length += sum * sum / static_cast<double>(block);
    }
    variance += (length - coarser) / lambda_[l];
    coarser = length;
  }
  return variance;
}

}  // namespace commonwage::privacy::model
