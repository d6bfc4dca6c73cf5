// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/parent_effects.h"

#include <algorithm>
#include <map>

namespace commonwage::privacy::estimate {
namespace {

// Cells differ by so much whatever their errors; without it the mean would be
// that of the one or two largest.
constexpr double kUsualSpread = 0.05;
constexpr double kLeastEffect = 0.01;
// Beyond, errors are small beside how cells differ, and size says no more.
constexpr double kMostWorkers = 1000;
// As often for every table: a test for convergence could turn out otherwise on
// another machine.
constexpr int kSweeps = 8;

// Subtracts from each value the weighted mean of those with its key.
template <typename KeyOf>
void TakeOutMeans(absl::Span<const PairValue> pairs, KeyOf key_of,
                  std::vector<double>& values) {
  struct Sum {
    double values = 0;
    double weights = 0;
  };
  std::map<size_t, Sum> sums;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const double weight = std::min(pairs[i].workers, kMostWorkers);
    Sum& sum = sums[key_of(pairs[i])];
    sum.values += weight * values[i];
    sum.weights += weight;
  }
  for (size_t i = 0; i < pairs.size(); ++i) {
    const Sum& sum = sums[key_of(pairs[i])];
    values[i] -= sum.values / sum.weights;
  }
}

}  // namespace

std::vector<double> FitMainEffects(absl::Span<const DirectEstimate> estimates) {
  std::vector<double> effects;
  if (estimates.empty()) {
    return effects;
  }
  double values = 0;
  double weights = 0;
  for (const DirectEstimate& estimate : estimates) {
    const double weight =
        1 / (kUsualSpread * kUsualSpread + estimate.deviations.Variance());
    values += weight * estimate.value;
    weights += weight;
  }
  double excess = 0;
  for (const DirectEstimate& estimate : estimates) {
    effects.push_back(estimate.value - values / weights);
    excess += effects.back() * effects.back() - estimate.deviations.Variance();
  }
  // By moments; errors that happen to be large can leave less than nothing.
  const double spread = std::max(excess / static_cast<double>(estimates.size()),
                                 kLeastEffect * kLeastEffect);
  for (size_t i = 0; i < effects.size(); ++i) {
    effects[i] *= spread / (spread + estimates[i].deviations.Variance());
  }
  return effects;
}

std::vector<double> FitInteractions(absl::Span<const PairValue> pairs) {
  std::vector<double> values;
  for (const PairValue& pair : pairs) {
    values.push_back(pair.value);
  }
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    TakeOutMeans(
        pairs, [](const PairValue& pair) { return pair.row; }, values);
    TakeOutMeans(
        pairs, [](const PairValue& pair) { return pair.column; }, values);
  }
  return values;
}

}  // namespace commonwage::privacy::estimate
