// SPDX-License-Identifier: Apache-2.0
#include "privacy/forecast/reference_wages.h"

#include <algorithm>

namespace commonwage::privacy::forecast {
namespace {

constexpr double kUsualLogSd = 0.5;

}  // namespace

ReferenceWages::ReferenceWages(const model::PayGrid& grid)
    : log_median((grid.LogEdge(1) + grid.LogEdge(grid.bins() - 1)) / 2),
      log_sd(std::min(kUsualLogSd,
                      (grid.LogEdge(grid.bins() - 1) - grid.LogEdge(1)) / 4)) {}

}  // namespace commonwage::privacy::forecast
