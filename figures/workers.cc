// SPDX-License-Identifier: Apache-2.0
#include "figures/workers.h"

#include "privacy/estimate/count.h"

namespace commonwage::figures {

size_t Workers::Count(const v1::StatisticsSelection& asked, size_t /*bins*/) {
  return asked.count() ? 1 : 0;
}

void Workers::Check(const v1::StatisticsSelection& /*asked*/,
                    Faults& /*faults*/) {}

void Workers::Tell(const v1::StatisticsSelection& /*asked*/,
                   const ShownCell& cell, v1::CellFigures& told) {
  const double least =
      static_cast<double>(cell.k) * static_cast<double>(cell.sum.parts);
  *told.mutable_count() = cell.Tell(
      privacy::estimate::EstimateCount(cell.sum.cdf, least, cell.critical));
}

}  // namespace commonwage::figures
