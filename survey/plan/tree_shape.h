// SPDX-License-Identifier: Apache-2.0
// The tree of counts over a measure's bins, laid out flat: the root first, then
// level by level, left to right. The last level is the bins.

#ifndef COMMONWAGE_SURVEY_PLAN_TREE_SHAPE_H_
#define COMMONWAGE_SURVEY_PLAN_TREE_SHAPE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace commonwage {

// With fanouts {4, 4, 4}: 4 levels of 1, 4, 16 and 64 nodes, 85 together.
class TreeShape {
 public:
  // Needs every fanout >= 2 and a product that is at most kMaxBins of
  // survey/plan/plan.h; aborts otherwise.
  explicit TreeShape(const std::vector<int64_t>& fanouts);

  // Returns the number of levels, the root's included.
  [[nodiscard]] size_t levels() const { return level_sizes_.size(); }

  // Return the number of nodes of a level, and the index of its first node.
  // Need level < levels().
  [[nodiscard]] size_t level_size(size_t level) const {
    return level_sizes_[level];
  }
  [[nodiscard]] size_t level_offset(size_t level) const {
    return level_offsets_[level];
  }

  // Returns how many leaves lie under each node of a level.
  [[nodiscard]] size_t leaves_per_node(size_t level) const {
    return leaf_count() / level_size(level);
  }

  // Returns the index of the node of `level` that `leaf` lies under. Needs
  // level < levels() and leaf < leaf_count().
  [[nodiscard]] size_t NodeOver(size_t level, size_t leaf) const {
    return level_offset(level) + leaf / leaves_per_node(level);
  }

  [[nodiscard]] size_t node_count() const { return node_count_; }
  [[nodiscard]] size_t leaf_count() const { return level_sizes_.back(); }

 private:
  std::vector<size_t> level_sizes_;
  std::vector<size_t> level_offsets_;
  size_t node_count_ = 0;
};

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_PLAN_TREE_SHAPE_H_
