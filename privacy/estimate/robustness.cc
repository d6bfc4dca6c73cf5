// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/robustness.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace commonwage::privacy::estimate {
namespace {

// The log wage that `rank` workers are paid less than: of several, the lowest.
std::optional<double> LowestAt(const CellCdf& cdf, double rank) {
  size_t j = 0;
  while (j <= cdf.bins() && cdf.Below(j) < rank) {
    ++j;
  }
  if (rank <= 0 || j == 0 || j > cdf.bins() || cdf.grid().IsOpen(j - 1)) {
    return std::nullopt;
  }
  const double part = (rank - cdf.Below(j - 1)) / cdf.Mass(j - 1);
  return cdf.grid().LogEdge(j - 1) + part * cdf.grid().LogWidth(j - 1);
}

// The same: of several, the highest.
std::optional<double> HighestAt(const CellCdf& cdf, double rank) {
  size_t j = cdf.bins();
  while (j > 0 && cdf.Below(j) > rank) {
    --j;
  }
  if (rank >= cdf.Below(cdf.bins()) || cdf.grid().IsOpen(j)) {
    return std::nullopt;
  }
  const double part = (rank - cdf.Below(j)) / cdf.Mass(j);
  return cdf.grid().LogEdge(j) + part * cdf.grid().LogWidth(j);
}

}  // namespace

std::optional<double> ShiftByFalse(const CellCdf& cdf, double p, int64_t k) {
  const double rank = p * cdf.Below(cdf.bins());
  const auto moved = static_cast<double>(k);
  const std::optional<double> low = LowestAt(cdf, rank - moved);
  const std::optional<double> high = HighestAt(cdf, rank + moved);
  const std::optional<double> middle_low = LowestAt(cdf, rank);
  const std::optional<double> middle_high = HighestAt(cdf, rank);
  if (!low.has_value() || !high.has_value() || !middle_low.has_value() ||
      !middle_high.has_value()) {
    return std::nullopt;
  }
  const double middle = (*middle_low + *middle_high) / 2;
  return std::max(std::expm1(*high - middle), -std::expm1(*low - middle));
}

}  // namespace commonwage::privacy::estimate
