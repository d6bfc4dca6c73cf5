// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/heaps.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace commonwage::privacy::estimate {

HeapDetector::HeapDetector(const PayGrid& grid) : stencils_(grid.bins()) {
  const auto centre = [&grid](size_t b) {
    return (grid.LogEdge(b) + grid.LogEdge(b + 1)) / 2;
  };
  // Inner bins are 1 .. bins - 2. Two neighbours on each side, or one where
  // there is one only.
  for (size_t b = 2; b + 2 < grid.bins(); ++b) {
    Stencil& stencil = stencils_[b];
    const size_t reach = b >= 3 && b + 3 < grid.bins() ? 2 : 1;
    for (size_t i = b - reach; i <= b + reach; ++i) {
      if (i != b) {
        stencil.bins[stencil.size++] = i;
      }
    }
    // Lagrange's polynomial through the neighbours' densities, at the middle.
    for (size_t i = 0; i < stencil.size; ++i) {
      double weight = grid.LogWidth(b) / grid.LogWidth(stencil.bins[i]);
      for (size_t j = 0; j < stencil.size; ++j) {
        if (j != i) {
          weight *= (centre(b) - centre(stencil.bins[j])) /
                    (centre(stencil.bins[i]) - centre(stencil.bins[j]));
        }
      }
      stencil.weights[i] = weight;
    }
  }
}

std::vector<double> HeapDetector::Allowances(absl::Span<const double> leaves,
                                             double leaf_variance) const {
  COMMONWAGE_CHECK(leaves.size() == stencils_.size());
  const size_t bins = leaves.size();
  const auto variance = [&](size_t b) {
    return std::max(leaves[b], 0.0) + leaf_variance;
  };
  std::vector<double> allowances(bins, std::numeric_limits<double>::infinity());
  std::vector<double> squares(bins + 1);  // Running sums, in variances.
  std::vector<double> counted(bins + 1);
  for (size_t b = 0; b < bins; ++b) {
    squares[b + 1] = squares[b];
    counted[b + 1] = counted[b];
    const Stencil& stencil = stencils_[b];
    if (stencil.size == 0) {
      continue;
    }
    double excess = leaves[b];
    double spread = variance(b);
    for (size_t i = 0; i < stencil.size; ++i) {
      const double weight = stencil.weights[i];
      excess -= weight * leaves[stencil.bins[i]];
      spread += weight * weight * variance(stencil.bins[i]);
    }
    const double deviation = std::sqrt(spread);
    squares[b + 1] += excess * excess / spread;
    counted[b + 1] += 1;
    allowances[b] =
        excess > kHeapSuspicion * deviation ? excess + deviation : 0.0;
  }
  for (size_t b = 0; b < bins; ++b) {
    const size_t begin = b > kRoughnessReach ? b - kRoughnessReach : 0;
    const size_t end = std::min(bins, b + kRoughnessReach + 1);
    const double number = counted[end] - counted[begin];
    if (number >= 4 && squares[end] - squares[begin] > kRoughness * number) {
      allowances[b] = std::numeric_limits<double>::infinity();
    }
  }
  return allowances;
}

}  // namespace commonwage::privacy::estimate
