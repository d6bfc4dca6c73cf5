// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/additive_fit.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace commonwage::privacy::model {
namespace {

// Effects of 0.3 %. A variance of 0 would stay 0 in all later rounds.
constexpr double kLeastEffectVariance = 1e-5;
constexpr double kFirstVariance = 0.01;  // Of tau^2 and t_k, before round 1.
// Residuals beyond this many standard deviations count as if they were there.
constexpr double kCut = 2;
// Mean and variance of min(Z^2, kCut^2) for a standard normal Z.
constexpr double kCutMean = 0.9205;
constexpr double kCutVariance = 1.2324;
constexpr double kMostSpread = 4;  // tau^2: pay differs by a factor of 7.
constexpr int kHalvings = 50;

// What the cells are off from what the others say of them.
struct Residuals {
  std::vector<double> errors;     // e
  std::vector<double> variances;  // b + P

  // The sum that defines tau^2.
  double CutSquares(double spread_variance) const {
    double sum = 0;
    for (size_t i = 0; i < errors.size(); ++i) {
      sum += std::min(errors[i] * errors[i] / (variances[i] + spread_variance),
                      kCut * kCut);
    }
    return sum;
  }
};

// By halving: cut squares have kinks, at which Newton's steps may go astray.
double FindSpreadVariance(const Residuals& residuals) {
  const double expected =
      kCutMean * static_cast<double>(residuals.errors.size());
  double low = kLeastSpread * kLeastSpread;
  double high = kMostSpread;
  if (residuals.CutSquares(low) <= expected) {
    return low;
  }
  for (int halving = 0; halving < kHalvings; ++halving) {
    const double middle = (low + high) / 2;
    (residuals.CutSquares(middle) > expected ? low : high) = middle;
  }
  return (low + high) / 2;
}

double FindSpreadError(const Residuals& residuals, double spread_variance) {
  double slope = 0;
  for (size_t i = 0; i < residuals.errors.size(); ++i) {
    const double variance = residuals.variances[i] + spread_variance;
    const double square = residuals.errors[i] * residuals.errors[i] / variance;
    slope += square < kCut * kCut ? square / variance : 0;
  }
  // To first order tau^2 is off by what the sum is off, over its slope. Where
  // few residuals are below the cut the slope tells nothing: then `most`.
  const double most = spread_variance / 2 + 0.02 * 0.02;
  const double deviation =
      std::sqrt(kCutVariance * static_cast<double>(residuals.errors.size()));
  return deviation < most * slope ? deviation / slope : most;
}

}  // namespace

AdditiveFit FitAdditively(absl::Span<const ModelCell> cells) {
  COMMONWAGE_CHECK(!cells.empty());
  const EffectsDesign design = MakeEffectsDesign(cells);
  const size_t n = cells.size();
  AdditiveFit fit;
  fit.spread_variance = kFirstVariance;
  std::vector<double> effect_variances(design.effects.size(), kFirstVariance);
  std::vector<double> robustness(n, 1);
  Residuals residuals{std::vector<double>(n), std::vector<double>(n)};
  fit.variances.resize(n);
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> weights(n);
    for (size_t i = 0; i < n; ++i) {
      weights[i] =
          robustness[i] / (cells[i].error_variance + fit.spread_variance);
    }
    const EffectsRegression regression(design, cells, weights,
                                       effect_variances);
    for (size_t i = 0; i < n; ++i) {
      const double variance = regression.Variance(i);
      // The fit without cell i follows from the one with it, by its leverage
      // (Sherman and Morrison 1950): a cell must not predict itself.
      const double without = 1 - weights[i] * variance;
      fit.variances[i] = variance / without;
      residuals.errors[i] =
          (cells[i].estimate - regression.Fitted(i)) / without;
      residuals.variances[i] = cells[i].error_variance + fit.variances[i];
    }
    fit.spread_variance = FindSpreadVariance(residuals);
    for (size_t i = 0; i < n; ++i) {
      const double deviation =
          std::sqrt(residuals.variances[i] + fit.spread_variance);
      const double error = std::abs(residuals.errors[i]);
      // Huber's weights (1964): a cell unlike all others pulls no harder at
      // their effects than one that is at the cut.
      robustness[i] = error > kCut * deviation ? kCut * deviation / error : 1;
    }
    for (size_t k = 0; k < effect_variances.size(); ++k) {
      effect_variances[k] = std::max(regression.MeanSquareOf(design.effects[k]),
                                     kLeastEffectVariance);
    }
  }
  fit.spread_error = FindSpreadError(residuals, fit.spread_variance);
  for (size_t i = 0; i < n; ++i) {
    fit.predictions.push_back(cells[i].estimate - residuals.errors[i]);
  }
  return fit;
}

}  // namespace commonwage::privacy::model
