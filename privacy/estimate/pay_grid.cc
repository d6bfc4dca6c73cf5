// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/pay_grid.h"

#include <cmath>

#include "base/check.h"

namespace commonwage::privacy::estimate {

PayGrid::PayGrid(absl::Span<const int64_t> inner_edges)
    : edges_(1), log_edges_(1) {
  COMMONWAGE_CHECK(!inner_edges.empty());
  int64_t previous = 0;
  for (const int64_t edge : inner_edges) {
    COMMONWAGE_CHECK(edge > previous);
    edges_.push_back(static_cast<double>(edge));
    log_edges_.push_back(std::log(static_cast<double>(edge)));
    previous = edge;
  }
}

}  // namespace commonwage::privacy::estimate
