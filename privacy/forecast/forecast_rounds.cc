// SPDX-License-Identifier: Apache-2.0
#include "privacy/forecast/forecast_rounds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "privacy/estimate/quantile.h"
#include "privacy/forecast/reference_wages.h"
#include "privacy/model/critical.h"
#include "privacy/threshold.h"

namespace commonwage::privacy::forecast {
namespace {

constexpr double kHardlyShown = 0.001;
// Where in the fixed sequence each use of it begins.
constexpr uint64_t kOfWorkers = uint64_t{1} << 40;
constexpr uint64_t kOfPlaces = uint64_t{1} << 50;

// A fixed sequence without a pattern: SplitMix64's finaliser of `index`.
uint64_t Scattered(uint64_t index) {
  uint64_t mixed = (index + 1) * 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

// The middle of part `i` of kForecastRounds equal parts of 0 to 1.
double PartOf(size_t i) {
  return (static_cast<double>(i) + 0.5) / static_cast<double>(kForecastRounds);
}

// The rounds in a scattered order, another one for every `which`.
std::vector<size_t> OrderOf(uint64_t which) {
  std::vector<std::pair<uint64_t, size_t>> keys;
  for (size_t i = 0; i < kForecastRounds; ++i) {
    keys.emplace_back(Scattered(which * kForecastRounds + i), i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<size_t> order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(),
                 [](const auto& key) { return key.second; });
  return order;
}

// x with P[Z >= x] = `tail` for the continuous law of variance 1, which is as
// wide as the discrete one. 0 < tail < 1.
double UpperQuantile(Mechanism mechanism, double tail) {
  if (mechanism == Mechanism::kDiscreteGaussian) {
    return -model::NormalQuantile(tail);
  }
  const double size = -std::log(2 * std::min(tail, 1 - tail)) / std::sqrt(2.0);
  return tail < 0.5 ? size : -size;
}

}  // namespace

ForecastRounds::ForecastRounds(const model::PayGrid& grid) {
  const ReferenceWages wages(grid);
  const double width = grid.LogEdge(grid.bins() - 1) - grid.LogEdge(1);
  for (const size_t part : OrderOf(kOfPlaces)) {
    const double log_median =
        wages.log_median + (PartOf(part) - 0.5) * width / 16;
    std::vector<double>& up_to = up_to_.emplace_back();
    for (size_t j = 1; j < grid.bins(); ++j) {
      up_to.push_back(
          model::NormalCdf((grid.LogEdge(j) - log_median) / wages.log_sd));
    }
  }
}

const ForecastRounds::Rounds& ForecastRounds::Counts(int64_t n) {
  const auto [place, is_new] = counts_.try_emplace(n);
  if (!is_new) {
    return place->second;
  }
  uint64_t index = kOfWorkers;
  for (const std::vector<double>& up_to : up_to_) {
    std::vector<double> counts(up_to.size() + 1);
    for (int64_t worker = 0; worker < n; ++worker) {
      const double u =
          static_cast<double>(Scattered(++index) >> 11) * 0x1.0p-53;
      const auto bin = std::upper_bound(up_to.begin(), up_to.end(), u);
      ++counts[static_cast<size_t>(bin - up_to.begin())];
    }
    place->second.push_back(std::move(counts));
  }
  return place->second;
}

// The noise of every node but the root, of variance 1: each node meets each
// part of its law in one round.
const ForecastRounds::Rounds& ForecastRounds::Noise(size_t node_count,
                                                    Mechanism mechanism) {
  const auto [place, is_new] = noise_.try_emplace(
      {node_count, mechanism},
      Rounds(kForecastRounds, std::vector<double>(node_count)));
  if (!is_new) {
    return place->second;
  }
  std::vector<double> parts;
  for (size_t i = 0; i < kForecastRounds; ++i) {
    parts.push_back(UpperQuantile(mechanism, 1 - PartOf(i)));
  }
  for (size_t node = 1; node < node_count; ++node) {
    const std::vector<size_t> order = OrderOf(node);
    for (size_t i = 0; i < kForecastRounds; ++i) {
      place->second[order[i]][node] = parts[i];
    }
  }
  return place->second;
}

CellForecast ForecastRounds::Of(const model::CellModel& model,
                                const DisplayRule& rule, int64_t n) {
  CellForecast forecast;
  forecast.chance_shown =
      static_cast<double>(ReleaseProbability(rule.root, rule.k, rule.tau, n));
  if (forecast.chance_shown < kHardlyShown) {
    return forecast;
  }
  const Mechanism mechanism = rule.root.mechanism;
  const model::Critical critical = model::FindCritical(model::kMiss, mechanism);
  const std::vector<double> variances = model.tree.NodeVariances();
  const Rounds& counts = Counts(n);
  const Rounds& noise = Noise(variances.size(), mechanism);
  const std::vector<size_t> root_order = OrderOf(0);
  std::vector<double> half_widths;
  for (size_t round = 0; round < kForecastRounds; ++round) {
    std::vector<double> nodes = model.tree.NodesOf(counts[round], 1);
    const double root = UpperQuantile(
        mechanism, forecast.chance_shown * PartOf(root_order[round]));
    nodes[0] += std::sqrt(variances[0]) * root;
    for (size_t node = 1; node < nodes.size(); ++node) {
      nodes[node] += std::sqrt(variances[node]) * noise[round][node];
    }
    const estimate::LogQuantile median =
        estimate::FindQuantile(model::CellCdf(model, nodes, 1), 0.5, critical);
    half_widths.push_back(median.open_low || median.open_high
                              ? std::numeric_limits<double>::infinity()
                              : median.HalfWidth());
  }
  std::sort(half_widths.begin(), half_widths.end());
  const double middle = (half_widths[kForecastRounds / 2 - 1] +
                         half_widths[kForecastRounds / 2]) /
                        2;
  if (std::isfinite(middle)) {
    forecast.median_half_width = middle;
  }
  forecast.useful = static_cast<double>(std::upper_bound(half_widths.begin(),
                                                         half_widths.end(),
                                                         kUsefulHalfWidth) -
                                        half_widths.begin()) /
                    static_cast<double>(kForecastRounds);
  return forecast;
}

}  // namespace commonwage::privacy::forecast
