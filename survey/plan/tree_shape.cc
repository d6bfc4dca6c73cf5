// SPDX-License-Identifier: Apache-2.0
#include "survey/plan/tree_shape.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "survey/plan/plan.h"

namespace commonwage {

TreeShape::TreeShape(const std::vector<int64_t>& fanouts)
    : level_sizes_{1}, level_offsets_{0}, node_count_(1) {
  for (const int64_t fanout : fanouts) {
    COMMONWAGE_CHECK(fanout >= 2 && static_cast<uint64_t>(fanout) <= kMaxBins);
    const size_t size = level_sizes_.back() * static_cast<size_t>(fanout);
    COMMONWAGE_CHECK(size <= kMaxBins);
    level_offsets_.push_back(node_count_);
    level_sizes_.push_back(size);
    node_count_ += size;
  }
}

}  // namespace commonwage
