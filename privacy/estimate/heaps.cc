// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/heaps.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace commonwage::privacy::estimate {

HeapDetector::HeapDetector(const PayGrid& grid) : bins_(grid.bins()) {
  const auto centre = [&grid](size_t b) {
    return (grid.LogEdge(b) + grid.LogEdge(b + 1)) / 2;
  };
  std::vector<double> widths;
  for (size_t b = 1; b + 1 < bins_; ++b) {
    widths.push_back(grid.LogWidth(b));
  }
  std::sort(widths.begin(), widths.end());
  for (size_t b = 1; b + 1 < bins_; ++b) {
    if (grid.LogWidth(b) >= kNarrow * widths[widths.size() / 2]) {
      wide_.push_back(b);
    }
  }
  stencils_.resize(wide_.size());
  // Two neighbours on each side, or one where there is one only.
  for (size_t w = 1; w + 1 < wide_.size(); ++w) {
    Stencil& stencil = stencils_[w];
    const size_t reach = w >= 2 && w + 2 < wide_.size() ? 2 : 1;
    for (size_t i = w - reach; i <= w + reach; ++i) {
      if (i != w) {
        stencil.bins[stencil.size++] = wide_[i];
      }
    }
    // Lagrange's polynomial through the neighbours' densities, at the middle.
    const size_t b = wide_[w];
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
  COMMONWAGE_CHECK(leaves.size() == bins_);
  const auto variance = [&](size_t b) {
    return std::max(leaves[b], 0.0) + leaf_variance;
  };
  std::vector<double> allowances(bins_,
                                 std::numeric_limits<double>::infinity());
  const size_t wide = wide_.size();
  std::vector<double> squares(wide + 1);  // Running sums, in variances.
  std::vector<double> counted(wide + 1);
  for (size_t w = 0; w < wide; ++w) {
    squares[w + 1] = squares[w];
    counted[w + 1] = counted[w];
    const Stencil& stencil = stencils_[w];
    if (stencil.size == 0) {
      continue;
    }
    double excess = leaves[wide_[w]];
    double spread = variance(wide_[w]);
    for (size_t i = 0; i < stencil.size; ++i) {
      const double weight = stencil.weights[i];
      excess -= weight * leaves[stencil.bins[i]];
      spread += weight * weight * variance(stencil.bins[i]);
    }
    const double deviation = std::sqrt(spread);
    squares[w + 1] += excess * excess / spread;
    counted[w + 1] += 1;
    allowances[wide_[w]] =
        excess > kHeapSuspicion * deviation ? excess + deviation : 0.0;
  }
  for (size_t w = 0; w < wide; ++w) {
    const size_t begin = w > kRoughnessReach ? w - kRoughnessReach : 0;
    const size_t end = std::min(wide, w + kRoughnessReach + 1);
    const double number = counted[end] - counted[begin];
    if (number >= 4 && squares[end] - squares[begin] > kRoughness * number) {
      allowances[wide_[w]] = std::numeric_limits<double>::infinity();
    }
  }
  return allowances;
}

}  // namespace commonwage::privacy::estimate
