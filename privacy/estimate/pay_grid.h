// SPDX-License-Identifier: Apache-2.0
// The public pay grid of a measure, on the logarithmic scale on which wages are
// interpolated: half-way between 20 and 30 is 24.5.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_PAY_GRID_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_PAY_GRID_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace commonwage::privacy::estimate {

// With K - 1 inner edges there are K bins. Bin b lies between edges b and
// b + 1; edges 1 to K - 1 exist, so bin 0 is open below and bin K - 1 above.
class PayGrid {
 public:
  // Needs one edge at least, increasing, all > 0.
  explicit PayGrid(absl::Span<const int64_t> inner_edges);

  size_t bins() const { return log_edges_.size(); }

  // The edge in minor units, and its natural logarithm. 1 <= j < bins().
  double Edge(size_t j) const { return edges_[j]; }
  double LogEdge(size_t j) const { return log_edges_[j]; }

  // Width of an inner bin in logarithm. 1 <= b < bins() - 1.
  double LogWidth(size_t b) const { return log_edges_[b + 1] - log_edges_[b]; }

  // Whether bin b is open on one side.
  bool IsOpen(size_t b) const { return b == 0 || b + 1 >= bins(); }

 private:
  std::vector<double> edges_;  // [0] is unused, in both.
  std::vector<double> log_edges_;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_PAY_GRID_H_
