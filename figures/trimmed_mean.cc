// SPDX-License-Identifier: Apache-2.0
#include "figures/trimmed_mean.h"

#include "privacy/estimate/trimmed_mean.h"

namespace commonwage::figures {

size_t TrimmedMean::Count(const v1::StatisticsSelection& asked,
                          size_t /*bins*/) {
  return asked.trimmed_mean() ? 1 : 0;
}

void TrimmedMean::Check(const v1::StatisticsSelection& /*asked*/,
                        Faults& /*faults*/) {}

void TrimmedMean::Tell(const v1::StatisticsSelection& /*asked*/,
                       const ShownCell& cell, v1::CellFigures& told) {
  *told.mutable_trimmed_mean() = cell.Tell(
      privacy::estimate::EstimateTrimmedMean(cell.sum.cdf, cell.critical));
}

}  // namespace commonwage::figures
