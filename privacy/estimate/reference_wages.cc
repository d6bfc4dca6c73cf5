// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/reference_wages.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "privacy/estimate/critical.h"
#include "privacy/estimate/quantile.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kUsualLogSd = 0.5;
constexpr double kMiss = 0.05;

}  // namespace

ReferenceWages::ReferenceWages(const PayGrid& grid)
    : log_median((grid.LogEdge(1) + grid.LogEdge(grid.bins() - 1)) / 2),
      log_sd(std::min(kUsualLogSd,
                      (grid.LogEdge(grid.bins() - 1) - grid.LogEdge(1)) / 4)) {
  double below = 0;
  for (size_t j = 1; j < grid.bins(); ++j) {
    const double up_to = NormalCdf((grid.LogEdge(j) - log_median) / log_sd);
    shares.push_back(up_to - below);
    below = up_to;
  }
  shares.push_back(1 - below);
}

double ExpectedMedianHalfWidth(const CellModel& model,
                               const ReferenceWages& wages, int64_t n,
                               Mechanism mechanism) {
  const CellCdf cdf(
      model, model.tree.NodesOf(wages.shares, static_cast<double>(n)), 1);
  const LogQuantile median =
      FindSmoothQuantile(cdf, 0.5, CriticalFor(kMiss, mechanism));
  return median.open_low || median.open_high ? -1 : median.HalfWidth();
}

}  // namespace commonwage::privacy::estimate
