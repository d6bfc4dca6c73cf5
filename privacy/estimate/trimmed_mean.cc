// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/trimmed_mean.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "privacy/estimate/quality.h"
#include "privacy/estimate/quantile.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kKept = 1 - 2 * kTrim;

// The workers of a bin that are in the middle, evenly in log wage between low
// and high.
struct Slice {
  size_t bin = 0;
  double low = 0;   // Log wage.
  double high = 0;  // Above low.
  double mass = 0;

  // First and second moment of the wage, times mass.
  double First() const {
    return mass * (std::exp(high) - std::exp(low)) / (high - low);
  }
  double Second() const {
    return mass * (std::exp(2 * high) - std::exp(2 * low)) / (2 * (high - low));
  }
};

std::vector<Slice> Slices(const CellCdf& cdf, double from, double to) {
  const PayGrid& grid = cdf.grid();
  std::vector<Slice> slices;
  for (size_t b = 1; b + 1 < cdf.bins(); ++b) {
    Slice slice;
    slice.bin = b;
    slice.low = std::max(grid.LogEdge(b), from);
    slice.high = std::min(grid.LogEdge(b + 1), to);
    if (slice.high > slice.low) {
      slice.mass = cdf.Mass(b) * (slice.high - slice.low) / grid.LogWidth(b);
      slices.push_back(slice);
    }
  }
  return slices;
}

// Variance that noise gives to the mean.
double NoiseVariance(const CellCdf& cdf, const std::vector<Slice>& slices) {
  const PayGrid& grid = cdf.grid();
  std::vector<double> edge_weights(cdf.bins() + 1);
  for (const Slice& slice : slices) {
    const double left = grid.LogEdge(slice.bin);
    const double width = grid.LogWidth(slice.bin);
    // Integral of (u - left) / width e^u, and of e^u, over the slice.
    const auto antiderivative = [&](double u) {
      return (u - left - 1) / width * std::exp(u);
    };
    const double rising =
        antiderivative(slice.high) - antiderivative(slice.low);
    const double all = std::exp(slice.high) - std::exp(slice.low);
    edge_weights[slice.bin] += all - rising;
    edge_weights[slice.bin + 1] += rising;
  }
  double on_total = 0;
  for (size_t j = 0; j <= cdf.bins(); ++j) {
    on_total += edge_weights[j] * cdf.Below(j) / cdf.size();
  }
  std::vector<double> leaf_weights(cdf.bins());
  double after = 0;  // Sum of edge weights right of the leaf.
  for (size_t i = cdf.bins(); i-- > 0;) {
    after += edge_weights[i + 1];
    leaf_weights[i] = (after - on_total) / (kKept * cdf.size());
  }
  return cdf.VarianceOf(leaf_weights);
}

// How far the mean may be off because heaps stand anywhere in their bins: half
// a bin's width each, independently.
double HeapReach(const CellCdf& cdf, const std::vector<Slice>& slices,
                 const Critical& critical) {
  const double finest =
      kFinestShare * critical.sampling * std::sqrt(cdf.size() / 4);
  double sum = 0;
  for (const Slice& slice : slices) {
    if (cdf.allowances()[slice.bin] > 0 || cdf.Mass(slice.bin) > finest) {
      const double half = (std::exp(slice.high) - std::exp(slice.low)) / 2;
      const double off = half * slice.mass / (kKept * cdf.size());
      sum += off * off;
    }
  }
  return std::sqrt(sum);
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

Estimate TrimmedMean(const CellCdf& cdf, const Critical& critical) {
  const LogQuantile from = FindQuantile(cdf, kTrim, critical);
  const LogQuantile to = FindQuantile(cdf, 1 - kTrim, critical);
  const std::vector<Slice> slices = Slices(cdf, from.value, to.value);
  const double low = std::exp(from.value);
  const double high = std::exp(to.value);

  // Workers of the middle beyond the grid's ends count as paid the end.
  const double total = cdf.size();
  const double beyond_low = std::max(cdf.Below(1) - kTrim * total, 0.0);
  const double beyond_high =
      std::max((1 - kTrim) * total - cdf.Below(cdf.bins() - 1), 0.0);
  double mass = beyond_low + beyond_high;
  double first = beyond_low * low + beyond_high * high;
  double second = beyond_low * low * low + beyond_high * high * high;
  for (const Slice& slice : slices) {
    mass += slice.mass;
    first += slice.First();
    second += slice.Second();
  }
  Estimate mean;
  mean.value = mass > 0 ? first / mass : (low + high) / 2;

  // Pay cut off at both ends: its mean and variance.
  const double scale = mass > 0 ? kKept / mass : 0;
  const double cut_mean = first * scale + kTrim * (low + high);
  const double cut_second = second * scale + kTrim * (low * low + high * high);
  const double cut_variance = std::max(cut_second - cut_mean * cut_mean, 0.0);
  const double sampling = cut_variance / (kKept * kKept * total);
  const double noise = NoiseVariance(cdf, slices);
  const double reach =
      critical.Reach(sampling, noise) + HeapReach(cdf, slices, critical);
  mean.noise_sd = std::sqrt(noise);
  mean.sampling_sd = std::sqrt(sampling);
  mean.position = PositionOf(from.position == Position::kBelow,
                             to.position == Position::kAbove);
  mean.interval.open_low = from.open_low;
  mean.interval.open_high = to.open_high;
  mean.interval.low = from.open_low ? 0 : std::max(mean.value - reach, 0.0);
  mean.interval.high = to.open_high ? 0 : mean.value + reach;
  mean.quality = from.open_low || to.open_high ? Quality::kPoor
                                               : QualityOf(reach / mean.value);
  return mean;
}

}  // namespace commonwage::privacy::estimate
