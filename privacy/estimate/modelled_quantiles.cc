// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/modelled_quantiles.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace commonwage::privacy::estimate {
namespace {

bool IsOffered(const CellQuantiles& cell, const SmallAreaEstimate& estimate) {
  return cell.workers < kMostWorkers &&
         cell.at_p.HalfWidth() > kLeastHalfWidth &&
         estimate.borrowed >= kLeastBorrowed;
}

// The value nearest to `wanted` that limited translation allows. Never leaves
// the grid, of whose outside nothing is known.
double Translated(const LogQuantile& plain, double wanted,
                  const model::PayGrid& grid) {
  const double most = kMostMove * plain.HalfWidth();
  const double lowest = std::min(plain.value, grid.LogEdge(1));
  const double highest = std::max(plain.value, grid.LogEdge(grid.bins() - 1));
  return std::clamp(wanted, std::max(plain.value - most, lowest),
                    std::min(plain.value + most, highest));
}

bool IsTableFit(const model::MarginalView& view) {
  size_t shown = 0;
  for (size_t cell = 0; cell < view.cells().size(); ++cell) {
    shown += view.IsShown(cell) ? size_t{1} : 0;
  }
  // Between two steps of a scale nobody is paid; a value that is drawn would
  // stand there.
  return shown >= kFewestCells && view.measure().steps.empty();
}

}  // namespace

ModelledQuantiles::ModelledQuantiles(
    absl::Span<const model::MarginalView> views, size_t index)
    : views_(views), index_(index), is_offered_(IsTableFit(views[index])) {}

std::optional<LogQuantile> ModelledQuantiles::QuantileOf(size_t cell,
                                                         double p) {
  if (!is_offered_ || p < kLeastP || p > 1 - kLeastP) {
    return std::nullopt;
  }
  const Points& points = PointsAt(p);
  const auto found = points.find(cell);
  if (found == points.end()) {
    return std::nullopt;
  }
  const model::MarginalView& view = views_[index_];
  const std::optional<model::CellSum> sum = view.AddUp({&cell, 1});
  COMMONWAGE_CHECK(sum.has_value());
  LogQuantile quantile = found->second.quantile;
  SetFabLimits(sum->cdf, p, view.marginal().mechanism, found->second.expected,
               found->second.deviation, quantile);
  // The limits are right without it. But a value outside its own interval would
  // be taken for a mistake, and wider limits miss no more.
  quantile.low = std::min(quantile.low, quantile.value);
  quantile.high = std::max(quantile.high, quantile.value);
  return quantile;
}

const ModelledQuantiles::Points& ModelledQuantiles::PointsAt(double p) {
  // All others stand on the median as the reader sees it.
  if (!points_.contains(kMedian)) {
    points_[kMedian] = MedianPoints();
  }
  const auto [place, is_new] = points_.try_emplace(p);
  if (is_new) {
    place->second = OtherPoints(p);
  }
  return place->second;
}

ModelledQuantiles::Points ModelledQuantiles::MedianPoints() {
  const model::PayGrid& grid = views_[index_].model().grid;
  const SmallAreaModel model = ModelTable(views_, index_, kMedian);
  Points points;
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const CellQuantiles& cell = model.cells[i];
    Median median{model.estimates[i], IsOffered(cell, model.estimates[i]),
                  cell.median.value};
    if (median.is_offered) {
      const SmallAreaEstimate& estimate = median.estimate;
      const double own = 1 - estimate.borrowed;
      LogQuantile quantile = cell.median;
      quantile.modelled = true;
      quantile.value =
          Translated(cell.median, cell.median.value + estimate.Move(), grid);
      quantile.noise_sd = own * estimate.direct.deviations.noise;
      quantile.sampling_sd = own * estimate.direct.deviations.sampling;
      quantile.model_sd =
          estimate.borrowed * std::sqrt(estimate.model_variance);
      median.shown = quantile.value;
      points[cell.cell] = {quantile, estimate.expected,
                           std::sqrt(estimate.direct.deviations.Variance())};
    }
    medians_[cell.cell] = median;
  }
  return points;
}

ModelledQuantiles::Points ModelledQuantiles::OtherPoints(double p) {
  const model::PayGrid& grid = views_[index_].model().grid;
  const SmallAreaModel model = ModelTable(views_, index_, p);
  Points points;
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const CellQuantiles& cell = model.cells[i];
    const SmallAreaEstimate& distance = model.estimates[i];
    if (!IsOffered(cell, distance)) {
      continue;
    }
    const Median& median = medians_.at(cell.cell);
    // A median that was not drawn brings no stray of its own.
    const double median_borrowed =
        median.is_offered ? median.estimate.borrowed : 0;
    LogQuantile quantile = cell.at_p;
    quantile.modelled = true;
    quantile.value = Translated(
        cell.at_p, median.shown + distance.direct.value + distance.Move(),
        grid);
    // The other way round would be no quantiles at all.
    quantile.value = p < kMedian ? std::min(quantile.value, median.shown)
                                 : std::max(quantile.value, median.shown);
    // Of what is left of the two quantiles of the cell itself.
    const Deviations deviations = CombineDeviations(
        distance.borrowed - median_borrowed, distance.direct.of_median, kMedian,
        1 - distance.borrowed, distance.direct.of_other, p);
    quantile.noise_sd = deviations.noise;
    quantile.sampling_sd = deviations.sampling;
    quantile.model_sd =
        std::hypot(median_borrowed * std::sqrt(median.estimate.model_variance),
                   distance.borrowed * std::sqrt(distance.model_variance));
    points[cell.cell] = {
        quantile,
        {median.estimate.expected.mean + distance.expected.mean,
         median.estimate.expected.variance + distance.expected.variance},
        std::sqrt(distance.direct.of_other.Variance())};
  }
  return points;
}

}  // namespace commonwage::privacy::estimate
