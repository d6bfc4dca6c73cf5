// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/robustness.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "privacy/model/rank_statistic.h"

namespace commonwage::privacy::estimate {
namespace {

// The log pay at which D' is `level`: of several, the lowest.
std::optional<double> LowestAt(const model::PayGrid& grid,
                               const model::RankStatistic& statistic,
                               double level) {
  const size_t j = statistic.FirstNotBelow(level, 0);
  if (j == 0 || j > statistic.bins()) {
    return std::nullopt;
  }
  // Not flat here: j is the first edge that reaches `level`.
  const double left = statistic.At(j - 1);
  return grid.LogPayAt(j - 1, (level - left) / (statistic.At(j) - left));
}

// The same: of several, the highest.
std::optional<double> HighestAt(const model::PayGrid& grid,
                                const model::RankStatistic& statistic,
                                double level) {
  const size_t past = statistic.PastLastNotAbove(level, 0);
  if (past == 0 || past > statistic.bins()) {
    return std::nullopt;
  }
  const double left = statistic.At(past - 1);
  return grid.LogPayAt(past - 1, (level - left) / (statistic.At(past) - left));
}

}  // namespace

std::optional<double> FindShiftByFalse(const model::CellCdf& cdf, double p,
                                       int64_t k) {
  // The statistic's reach is not used.
  const model::RankStatistic statistic(cdf, p, model::Critical{});
  const model::PayGrid& grid = cdf.grid();
  const auto moved = static_cast<double>(k);
  const std::optional<double> low = LowestAt(grid, statistic, -moved);
  const std::optional<double> high = HighestAt(grid, statistic, moved);
  const std::optional<double> middle_low = LowestAt(grid, statistic, 0);
  const std::optional<double> middle_high = HighestAt(grid, statistic, 0);
  if (!low.has_value() || !high.has_value() || !middle_low.has_value() ||
      !middle_high.has_value()) {
    return std::nullopt;
  }
  const double middle = (*middle_low + *middle_high) / 2;
  return std::max(std::expm1(*high - middle), -std::expm1(*low - middle));
}

}  // namespace commonwage::privacy::estimate
