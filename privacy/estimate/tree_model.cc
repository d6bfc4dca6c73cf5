// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/tree_model.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace commonwage::privacy::estimate {
namespace {

// When coordinate descent stops. No privacy implications.
constexpr int kMaxSweeps = 200;
constexpr double kSettled = 0.01;  // Workers.

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
  COMMONWAGE_CHECK(levels_.back().precision > 0);

  lambda_.resize(levels_.size());
  double lambda = 0;
  for (size_t l = levels_.size(); l-- > 0;) {
    lambda += static_cast<double>(levels_[l].block) * levels_[l].precision;
    lambda_[l] = lambda;
  }

  for (size_t i = 0; i < bins_; ++i) {
    for (const Level& level : levels_) {
      ancestors_.push_back(
          static_cast<uint32_t>(level.offset + i / level.block));
    }
  }

  prefix_variance_.resize(bins_ + 1);
  for (size_t j = 0; j <= bins_; ++j) {
    double coarser = 0;
    for (size_t l = 0; l < levels_.size(); ++l) {
      const double length = SquaredPrefix(j, levels_[l].block);
      prefix_variance_[j] += (length - coarser) / lambda_[l];
      coarser = length;
    }
  }
  leaf_variance_ = prefix_variance_[1];
}

std::vector<double> TreeModel::Leaves(absl::Span<const double> nodes) const {
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

std::vector<double> TreeModel::NonNegativeLeaves(
    absl::Span<const double> nodes, absl::Span<const double> leaves) const {
  COMMONWAGE_CHECK(nodes.size() == node_count_ && leaves.size() == bins_);
  const size_t depth = levels_.size();
  std::vector<double> fit(leaves.begin(), leaves.end());
  std::vector<double> rest(nodes.begin(), nodes.end());  // Not yet explained.
  for (size_t i = 0; i < bins_; ++i) {
    fit[i] = std::max(fit[i], 0.0);
    for (size_t l = 0; l < depth; ++l) {
      rest[ancestors_[i * depth + l]] -= fit[i];
    }
  }
  double precision = 0;
  for (const Level& level : levels_) {
    precision += level.precision;
  }
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    double largest = 0;
    for (size_t i = 0; i < bins_; ++i) {
      const uint32_t* const above = &ancestors_[i * depth];
      double gradient = 0;
      for (size_t l = 0; l < depth; ++l) {
        gradient += rest[above[l]] * levels_[l].precision;
      }
      const double moved = std::max(fit[i] + gradient / precision, 0.0);
      const double step = moved - fit[i];
      fit[i] = moved;
      largest = std::max(largest, std::abs(step));
      for (size_t l = 0; l < depth; ++l) {
        rest[above[l]] -= step;
      }
    }
    if (largest < kSettled) {
      break;
    }
  }
  return fit;
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

}  // namespace commonwage::privacy::estimate
