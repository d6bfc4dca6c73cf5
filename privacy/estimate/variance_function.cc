// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/variance_function.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace commonwage::privacy::estimate {
namespace {

// Cells larger than this say no more about the density than this one.
constexpr double kMostWeight = 300;

double RatioOf(const LogQuantile& quantile) {
  return quantile.noise_sd / quantile.sampling_sd;
}

// Whether the cell's interval is not cut off by its own tail.
bool IsResolved(const SizedQuantile& cell, double p) {
  const double noise =
      RatioOf(cell.quantile) * std::sqrt(cell.workers * p * (1 - p));
  return !cell.quantile.open_low && !cell.quantile.open_high &&
         2 * noise <= std::min(p, 1 - p) * cell.workers;
}

// The value half of the weight is at or below.
double WeightedMedian(std::vector<std::pair<double, double>> values) {
  COMMONWAGE_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  double all = 0;
  for (const auto& [value, weight] : values) {
    all += weight;
  }
  double so_far = 0;
  for (const auto& [value, weight] : values) {
    so_far += weight;
    if (2 * so_far >= all) {
      return value;
    }
  }
  return values.back().first;
}

double DensityOf(absl::Span<const SizedQuantile> cells, double p) {
  std::vector<std::pair<double, double>> all;
  std::vector<std::pair<double, double>> resolved;
  for (const SizedQuantile& cell : cells) {
    const double density =
        std::sqrt(p * (1 - p) / cell.workers) / cell.quantile.sampling_sd;
    all.emplace_back(density, std::min(cell.workers, kMostWeight));
    if (IsResolved(cell, p)) {
      resolved.push_back(all.back());
    }
  }
  // A median, as a few cells with heaped pay would rule a mean: there the
  // density seems to be many times that of all others.
  return WeightedMedian(
      std::move(resolved.size() < kFewestResolved ? all : resolved));
}

}  // namespace

std::vector<Deviations> SmoothDeviations(absl::Span<const SizedQuantile> cells,
                                         double p) {
  std::vector<Deviations> smoothed;
  if (cells.empty()) {
    return smoothed;
  }
  const double density = DensityOf(cells, p);
  for (const SizedQuantile& cell : cells) {
    const double sampling = std::sqrt(p * (1 - p) / cell.workers) / density;
    smoothed.push_back({sampling, RatioOf(cell.quantile) * sampling});
  }
  return smoothed;
}

Deviations CombineDeviations(double a, const Deviations& at_p, double p,
                             double b, const Deviations& at_q, double q) {
  const double lower = std::min(p, q);
  const double upper = std::max(p, q);
  const double correlation =
      std::sqrt(lower * (1 - upper) / (upper * (1 - lower)));
  const auto of_sum = [correlation](double x, double y) {
    return std::sqrt(std::max(x * x + y * y + 2 * correlation * x * y, 0.0));
  };
  return {of_sum(a * at_p.sampling, b * at_q.sampling),
          of_sum(a * at_p.noise, b * at_q.noise)};
}

}  // namespace commonwage::privacy::estimate
