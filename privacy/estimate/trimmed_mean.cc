// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/trimmed_mean.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "privacy/estimate/quality.h"
#include "privacy/estimate/quantile.h"
#include "privacy/model/isotonic.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kKept = 1 - 2 * kTrim;

// The share of workers below each edge, never falling, from 0 to 1.
std::vector<double> SharesBelow(const model::CellCdf& cdf) {
  const size_t edges = cdf.bins() + 1;
  std::vector<double> shares(edges);
  std::vector<double> weights(edges);
  for (size_t j = 0; j < edges; ++j) {
    shares[j] = cdf.Sum(j) / cdf.size();
    // Those of the median, which is in the middle of what is kept.
    weights[j] = 1 / cdf.NoiseVariance(j, 0.5);
  }
  shares = model::FitIsotonic(shares, weights);
  for (double& share : shares) {
    share = std::clamp(share, 0.0, 1.0);
  }
  shares.front() = 0;
  shares.back() = 1;
  return shares;
}

// The slice of one bin that is in the middle. Pay in minor units.
struct Slice {
  size_t bin = 0;
  double mass = 0;  // Part of all workers.
  double mean = 0;
  double square = 0;  // Mean of the square.
  double least = 0;   // The bin's edges; in an open bin its one edge, twice.
  double most = 0;
};

// Every bin from the 10 % to the 90 % quantile, in order, empty ones too: one
// at least.
std::vector<Slice> SlicesOf(const model::PayGrid& grid,
                            const std::vector<double>& below) {
  std::vector<Slice> slices;
  for (size_t b = 0; b + 1 < below.size(); ++b) {
    const double from = std::max(below[b], kTrim);
    const double to = std::min(below[b + 1], 1 - kTrim);
    if (to < from || below[b + 1] <= kTrim || below[b] >= 1 - kTrim) {
      continue;
    }
    const double whole = below[b + 1] - below[b];
    const double first = whole > 0 ? (from - below[b]) / whole : 0;
    const double last = whole > 0 ? (to - below[b]) / whole : 1;
    Slice slice;
    slice.bin = b;
    slice.mass = to - from;
    slice.mean = grid.MomentOf(b, first, last, 1);
    slice.square = grid.MomentOf(b, first, last, 2);
    slice.least = grid.Edge(std::max<size_t>(b, 1));
    slice.most = grid.IsStep(b) ? slice.least
                                : grid.Edge(std::min(b + 1, grid.bins() - 1));
    slices.push_back(slice);
  }
  return slices;
}

// Variance that noise gives to the mean.
double NoiseVariance(const model::CellCdf& cdf,
                     const std::vector<Slice>& slices,
                     const std::vector<double>& below) {
  std::vector<double> edge_weights(cdf.bins() + 1);
  double on_total = 0;
  for (size_t i = 1; i < slices.size(); ++i) {
    const size_t edge = slices[i].bin;
    edge_weights[edge] = slices[i - 1].mean - slices[i].mean;
    // A share is U_j / T, and noise of T moves all of them.
    on_total += edge_weights[edge] * below[edge];
  }
  std::vector<double> leaf_weights(cdf.bins());
  double after = 0;  // Sum of edge weights right of the leaf.
  for (size_t i = cdf.bins(); i-- > 0;) {
    after += edge_weights[i + 1];
    leaf_weights[i] = (after - on_total) / (kKept * cdf.size());
  }
  return cdf.VarianceOf(leaf_weights);
}

// A trimmed mean varies as the mean of winsorised pay does (Tukey and
// McLaughlin 1963): what lies beyond the ends still moves the ends. Variance of
// pay cut off at `low` and `high`, the ends of the middle.
double CutVariance(const std::vector<Slice>& slices, double low, double high) {
  double mean = kTrim * (low + high);
  double square = kTrim * (low * low + high * high);
  for (const Slice& slice : slices) {
    mean += slice.mass * slice.mean;
    square += slice.mass * slice.square;
  }
  return std::max(square - mean * mean, 0.0);
}

Position PositionOf(bool below, bool above) {
  if (below && above) {
    return Position::kUnknown;
  }
  if (below) {
    return Position::kBelow;
  }
  return above ? Position::kAbove : Position::kInside;
}

}  // namespace

Estimate EstimateTrimmedMean(const model::CellCdf& cdf,
                             const model::Critical& critical) {
  const LogQuantile from = FindQuantile(cdf, kTrim, critical);
  const LogQuantile to = FindQuantile(cdf, 1 - kTrim, critical);
  const std::vector<double> below = SharesBelow(cdf);
  const std::vector<Slice> slices = SlicesOf(cdf.grid(), below);
  Estimate mean;
  double least = 0;
  double most = 0;
  for (const Slice& slice : slices) {
    mean.value += slice.mass * slice.mean / kKept;
    least += slice.mass * slice.least / kKept;
    most += slice.mass * slice.most / kKept;
  }
  const double sampling =
      CutVariance(slices, std::exp(from.value), std::exp(to.value)) /
      (kKept * kKept * cdf.size());
  const double noise = NoiseVariance(cdf, slices, below);
  const double reach = critical.Reach(sampling, noise);
  mean.noise_sd = std::sqrt(noise);
  mean.sampling_sd = std::sqrt(sampling);
  mean.position = PositionOf(from.position == Position::kBelow,
                             to.position == Position::kAbove);
  // Where in their bins people stand is no chance: in full, beside the reach.
  mean.interval.open_low = from.open_low;
  mean.interval.open_high = to.open_high;
  mean.interval.low = from.open_low ? 0 : std::max(least - reach, 0.0);
  mean.interval.high = to.open_high ? 0 : most + reach;
  mean.quality = from.open_low || to.open_high
                     ? Quality::kPoor
                     : QualityOf((mean.interval.high - mean.interval.low) /
                                 (2 * mean.value));
  return mean;
}

}  // namespace commonwage::privacy::estimate
