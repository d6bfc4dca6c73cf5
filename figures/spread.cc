// SPDX-License-Identifier: Apache-2.0
#include "figures/spread.h"

#include "privacy/estimate/gap.h"
#include "privacy/estimate/quantile.h"

namespace commonwage::figures {

namespace estimate = privacy::estimate;

size_t Spread::Count(const v1::StatisticsSelection& asked, size_t /*bins*/) {
  return asked.spread() ? 1 : 0;
}

void Spread::Check(const v1::StatisticsSelection& /*asked*/,
                   Faults& /*faults*/) {}

void Spread::Tell(const v1::StatisticsSelection& /*asked*/,
                  const ShownCell& cell, v1::CellFigures& told) {
  const auto quartile = [&cell](double p) {
    return estimate::FindQuantile(cell.sum.cdf, p, cell.critical);
  };
  *told.mutable_spread() =
      cell.Tell(estimate::RelativeDifference(quartile(0.75), quartile(0.25)));
}

}  // namespace commonwage::figures
