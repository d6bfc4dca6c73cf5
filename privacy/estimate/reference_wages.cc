// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/reference_wages.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "privacy/estimate/critical.h"
#include "privacy/estimate/quantile.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kUsualLogSd = 0.5;

// A fixed sequence without a pattern: SplitMix64's finaliser of `index`.
uint64_t Scattered(uint64_t index) {
  uint64_t mixed = (index + 1) * 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

// The middles of kForecastRounds equally likely parts of the noise's law, which
// has variance 1: of the continuous law, which is as wide.
std::vector<double> NoiseParts(Mechanism mechanism) {
  std::vector<double> parts;
  for (size_t i = 0; i < kForecastRounds; ++i) {
    const double p =
        (static_cast<double>(i) + 0.5) / static_cast<double>(kForecastRounds);
    if (mechanism == Mechanism::kDiscreteGaussian) {
      parts.push_back(NormalQuantile(p));
      continue;
    }
    const double size = -std::log(2 * std::min(p, 1 - p)) / std::sqrt(2.0);
    parts.push_back(p < 0.5 ? -size : size);
  }
  return parts;
}

// Adds noise to every node of every round, so that each node meets each part of
// its law once.
void AddNoise(const CellModel& model, Mechanism mechanism,
              std::vector<std::vector<double>>& rounds) {
  const std::vector<double> variances = model.tree.NodeVariances();
  const std::vector<double> parts = NoiseParts(mechanism);
  std::vector<std::pair<uint64_t, size_t>> order(rounds.size());
  for (size_t node = 0; node < variances.size(); ++node) {
    for (size_t i = 0; i < order.size(); ++i) {
      order[i] = {Scattered(node * kForecastRounds + i), i};
    }
    std::sort(order.begin(), order.end());
    for (size_t i = 0; i < order.size(); ++i) {
      rounds[order[i].second][node] += std::sqrt(variances[node]) * parts[i];
    }
  }
}

// The exact nodes over `n` workers, for every round other ones.
std::vector<std::vector<double>> WorkersOf(const CellModel& model,
                                           const ReferenceWages& wages,
                                           int64_t n) {
  constexpr uint64_t kOtherPart = uint64_t{1} << 40;  // Of the sequence.
  std::vector<double> up_to;
  for (const double share : wages.shares) {
    up_to.push_back((up_to.empty() ? 0 : up_to.back()) + share);
  }
  std::vector<std::vector<double>> rounds;
  uint64_t index = kOtherPart;
  for (size_t round = 0; round < kForecastRounds; ++round) {
    std::vector<double> counts(up_to.size());
    for (int64_t worker = 0; worker < n; ++worker) {
      const double u =
          static_cast<double>(Scattered(++index) >> 11) * 0x1.0p-53;
      const auto bin = std::upper_bound(up_to.begin(), up_to.end() - 1, u);
      ++counts[static_cast<size_t>(bin - up_to.begin())];
    }
    rounds.push_back(model.tree.NodesOf(counts, 1));
  }
  return rounds;
}

}  // namespace

ReferenceWages::ReferenceWages(const PayGrid& grid)
    : log_median((grid.LogEdge(1) + grid.LogEdge(grid.bins() - 1)) / 2),
      log_sd(std::min(kUsualLogSd,
                      (grid.LogEdge(grid.bins() - 1) - grid.LogEdge(1)) / 4)) {
  double below = 0;
  for (size_t j = 1; j < grid.bins(); ++j) {
    const double up_to = NormalCdf((grid.LogEdge(j) - log_median) / log_sd);
    shares.push_back(up_to - below);
    below = up_to;
  }
  shares.push_back(1 - below);
}

double ExpectedMedianHalfWidth(const CellModel& model,
                               const ReferenceWages& wages, int64_t n,
                               Mechanism mechanism) {
  const Critical critical = CriticalFor(kMiss, mechanism);
  std::vector<std::vector<double>> rounds = WorkersOf(model, wages, n);
  AddNoise(model, mechanism, rounds);
  std::vector<double> half_widths;
  for (const std::vector<double>& nodes : rounds) {
    const LogQuantile median =
        FindQuantile(CellCdf(model, nodes, 1), 0.5, critical);
    half_widths.push_back(median.open_low || median.open_high
                              ? std::numeric_limits<double>::infinity()
                              : median.HalfWidth());
  }
  std::sort(half_widths.begin(), half_widths.end());
  const double middle = (half_widths[kForecastRounds / 2 - 1] +
                         half_widths[kForecastRounds / 2]) /
                        2;
  return std::isfinite(middle) ? middle : -1;
}

}  // namespace commonwage::privacy::estimate
