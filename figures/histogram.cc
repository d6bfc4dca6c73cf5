// SPDX-License-Identifier: Apache-2.0
#include "figures/histogram.h"

#include <cstdint>
#include <vector>

#include "privacy/estimate/share.h"

namespace commonwage::figures {

size_t Histogram::Count(const v1::StatisticsSelection& asked, size_t bins) {
  return asked.histogram() ? bins : 0;
}

void Histogram::Check(const v1::StatisticsSelection& /*asked*/,
                      Faults& /*faults*/) {}

void Histogram::Tell(const v1::StatisticsSelection& /*asked*/,
                     const ShownCell& cell, v1::CellFigures& told) {
  const std::vector<int64_t>& edges = cell.measure.inner_edges;
  const std::vector<privacy::estimate::Estimate> shares =
      privacy::estimate::EstimateHistogram(cell.sum.cdf, cell.critical);
  for (size_t i = 0; i < shares.size(); ++i) {
    v1::HistogramBin* bin = told.add_histogram();
    if (i > 0) {
      bin->set_low(edges[i - 1]);
    }
    if (i < edges.size()) {
      bin->set_high(edges[i]);
    }
    bin->set_share(shares[i].value);
    *bin->mutable_estimate() = cell.Tell(shares[i]);
  }
}

}  // namespace commonwage::figures
