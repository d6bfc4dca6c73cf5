// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/direct_estimates.h"

#include <optional>

#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {
namespace {

// Off the grid there is a bound, which no mean may take for a value; and what
// has no error would outweigh all other cells.
bool IsUsable(const LogQuantile& quantile) {
  return quantile.position == Position::kInside && quantile.noise_sd > 0 &&
         quantile.sampling_sd > 0;
}

}  // namespace

std::vector<CellQuantiles> FindCellQuantiles(const model::MarginalView& view,
                                             double p) {
  const model::Critical critical =
      model::FindCritical(model::kMiss, view.marginal().mechanism);
  std::vector<CellQuantiles> quantiles;
  for (size_t cell = 0; cell < view.cells().size(); ++cell) {
    const std::optional<model::CellSum> sum = view.AddUp({&cell, 1});
    if (!sum.has_value() || sum->cdf.total() < 1) {
      continue;
    }
    const LogQuantile median = FindQuantile(sum->cdf, kMedian, critical);
    const LogQuantile at_p =
        p == kMedian ? median : FindQuantile(sum->cdf, p, critical);
    if (IsUsable(median) && IsUsable(at_p)) {
      quantiles.push_back(
          {cell, view.cells().ValuesOf(cell), sum->cdf.total(), median, at_p});
    }
  }
  return quantiles;
}

std::vector<DirectEstimate> MakeDirectEstimates(
    absl::Span<const CellQuantiles> cells, double p) {
  std::vector<SizedQuantile> medians;
  std::vector<SizedQuantile> others;
  for (const CellQuantiles& cell : cells) {
    medians.push_back({cell.median, cell.workers});
    others.push_back({cell.at_p, cell.workers});
  }
  const std::vector<Deviations> of_median = SmoothDeviations(medians, kMedian);
  const std::vector<Deviations> of_other = SmoothDeviations(others, p);
  std::vector<DirectEstimate> estimates;
  for (size_t i = 0; i < cells.size(); ++i) {
    DirectEstimate estimate{cells[i].median.value, of_median[i], of_median[i],
                            of_other[i]};
    if (p != kMedian) {
      estimate.value = cells[i].at_p.value - cells[i].median.value;
      // The two errors go largely together; apart they would be overstated, and
      // the distance be drawn further than it ought to.
      estimate.deviations =
          CombineDeviations(-1, of_median[i], kMedian, 1, of_other[i], p);
    }
    estimates.push_back(estimate);
  }
  return estimates;
}

}  // namespace commonwage::privacy::estimate
