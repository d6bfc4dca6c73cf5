// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/additive_fit.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/check.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kInterceptPrecision = 1e-6;
constexpr double kLeastEffectVariance = 1e-5;
constexpr double kFirstVariance = 0.01;  // Of tau^2 and t_k, before round 1.
// Residuals beyond this many standard deviations count as if they were there.
constexpr double kCut = 2;
// Mean and variance of min(Z^2, kCut^2) for a standard normal Z.
constexpr double kCutMean = 0.9205;
constexpr double kCutVariance = 1.2324;
constexpr double kMostSpread = 4;  // tau^2: pay differs by a factor of 7.
constexpr int kHalvings = 50;

// The effects of one dimension, as a range of columns.
struct Effects {
  bool is_largest = false;
  size_t first = 0;
  size_t count = 0;
};

// Which columns of X a cell has. Those of the largest dimension are numbered by
// themselves and taken out of the equations, in which they are diagonal; the
// rest begin with the intercept, column 0.
struct Design {
  std::vector<Effects> effects;
  size_t largest = 0;  // Columns of the largest dimension.
  size_t rest = 1;
  std::vector<size_t> largest_of;            // Per cell, if largest > 0.
  std::vector<std::vector<size_t>> rest_of;  // Per cell.
};

// Values that have cells, numbered from 0.
std::vector<std::map<size_t, size_t>> NumbersOfValues(
    absl::Span<const ModelCell> cells) {
  const size_t dimensions = cells.front().values.size();
  std::vector<std::map<size_t, size_t>> numbers(dimensions > 1 ? dimensions
                                                               : 0);
  for (const ModelCell& cell : cells) {
    COMMONWAGE_CHECK(cell.values.size() == dimensions);
    for (size_t k = 0; k < numbers.size(); ++k) {
      numbers[k].try_emplace(cell.values[k], numbers[k].size());
    }
  }
  return numbers;
}

Design DesignOf(absl::Span<const ModelCell> cells) {
  const std::vector<std::map<size_t, size_t>> numbers = NumbersOfValues(cells);
  const auto largest = std::max_element(
      numbers.begin(), numbers.end(),
      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  Design design;
  for (auto values = numbers.begin(); values != numbers.end(); ++values) {
    const bool is_largest = values == largest;
    design.effects.push_back(
        {is_largest, is_largest ? 0 : design.rest, values->size()});
    (is_largest ? design.largest : design.rest) += values->size();
  }
  for (const ModelCell& cell : cells) {
    design.rest_of.push_back({0});
    for (size_t k = 0; k < numbers.size(); ++k) {
      const size_t number = numbers[k].at(cell.values[k]);
      if (design.effects[k].is_largest) {
        design.largest_of.push_back(number);
      } else {
        design.rest_of.back().push_back(design.effects[k].first + number);
      }
    }
  }
  return design;
}

// Inverts a positive definite matrix in place; such a one needs no pivoting.
void Invert(std::vector<double>& matrix, size_t n) {
  for (size_t k = 0; k < n; ++k) {
    const double pivot = 1 / matrix[k * n + k];
    matrix[k * n + k] = 1;
    for (size_t j = 0; j < n; ++j) {
      matrix[k * n + j] *= pivot;
    }
    for (size_t i = 0; i < n; ++i) {
      const double factor = matrix[i * n + k];
      if (i == k || factor == 0) {
        continue;
      }
      matrix[i * n + k] = 0;
      for (size_t j = 0; j < n; ++j) {
        matrix[i * n + j] -= factor * matrix[k * n + j];
      }
    }
  }
}

// One weighted regression with a prior on the effects: beta and C, in which the
// largest dimension is eliminated. With A the diagonal of its equations and R
// what they share with the rest, G = A^-1 R:
//   C_rest = (S - R' A^-1 R)^-1,  C_largest,rest = -G C_rest,
//   C_largest = A^-1 + G C_rest G', of which only the diagonal is needed.
class Regression {
 public:
  Regression(const Design& design, absl::Span<const ModelCell> cells,
             absl::Span<const double> weights,
             absl::Span<const double> effect_variances)
      : design_(design),
        largest_(design.largest),
        rest_(design.rest),
        diagonal_(largest_),
        shared_(largest_ * rest_),
        product_(largest_ * rest_),
        covariance_(rest_ * rest_),
        largest_beta_(largest_),
        beta_(rest_) {
    Accumulate(cells, weights);
    AddPrior(effect_variances);
    Eliminate();
    Solve();
  }

  double Fitted(size_t cell) const {
    double sum = largest_ > 0 ? largest_beta_[design_.largest_of[cell]] : 0;
    for (const size_t column : design_.rest_of[cell]) {
      sum += beta_[column];
    }
    return sum;
  }

  // x' C x of a cell.
  double Variance(size_t cell) const {
    const std::vector<size_t>& columns = design_.rest_of[cell];
    double sum = 0;
    for (const size_t i : columns) {
      for (const size_t j : columns) {
        sum += covariance_[i * rest_ + j];
      }
    }
    if (largest_ > 0) {
      const size_t row = design_.largest_of[cell];
      sum += LargestVariance(row);
      for (const size_t column : columns) {
        sum -= 2 * product_[row * rest_ + column];
      }
    }
    return sum;
  }

  // (|beta_k|^2 + tr C_kk) / m_k
  double MeanSquareOf(const Effects& effects) const {
    double sum = 0;
    for (size_t i = effects.first; i < effects.first + effects.count; ++i) {
      sum += effects.is_largest
                 ? largest_beta_[i] * largest_beta_[i] + LargestVariance(i)
                 : beta_[i] * beta_[i] + covariance_[i * rest_ + i];
    }
    return sum / static_cast<double>(effects.count);
  }

 private:
  void Accumulate(absl::Span<const ModelCell> cells,
                  absl::Span<const double> weights) {
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      const std::vector<size_t>& columns = design_.rest_of[cell];
      for (const size_t i : columns) {
        beta_[i] += weights[cell] * cells[cell].estimate;
        for (const size_t j : columns) {
          covariance_[i * rest_ + j] += weights[cell];
        }
      }
      if (largest_ == 0) {
        continue;
      }
      const size_t row = design_.largest_of[cell];
      largest_beta_[row] += weights[cell] * cells[cell].estimate;
      diagonal_[row] += weights[cell];
      for (const size_t column : columns) {
        shared_[row * rest_ + column] += weights[cell];
      }
    }
  }

  void AddPrior(absl::Span<const double> effect_variances) {
    covariance_[0] += kInterceptPrecision;
    for (size_t k = 0; k < design_.effects.size(); ++k) {
      const Effects& effects = design_.effects[k];
      for (size_t i = effects.first; i < effects.first + effects.count; ++i) {
        (effects.is_largest ? diagonal_[i] : covariance_[i * rest_ + i]) +=
            1 / effect_variances[k];
      }
    }
  }

  // Leaves G in shared_, and takes the largest dimension out of the others'
  // equations.
  void Eliminate() {
    for (size_t row = 0; row < largest_; ++row) {
      double* const r = &shared_[row * rest_];
      for (size_t i = 0; i < rest_; ++i) {
        const double g = r[i] / diagonal_[row];
        for (size_t j = 0; g != 0 && j < rest_; ++j) {
          covariance_[i * rest_ + j] -= g * r[j];
        }
        beta_[i] -= g * largest_beta_[row];
      }
      for (size_t i = 0; i < rest_; ++i) {
        r[i] /= diagonal_[row];
      }
    }
  }

  void Solve() {
    Invert(covariance_, rest_);
    const std::vector<double> right = beta_;
    for (size_t i = 0; i < rest_; ++i) {
      beta_[i] = 0;
      for (size_t j = 0; j < rest_; ++j) {
        beta_[i] += covariance_[i * rest_ + j] * right[j];
      }
    }
    for (size_t row = 0; row < largest_; ++row) {
      const double* const g = &shared_[row * rest_];
      largest_beta_[row] /= diagonal_[row];
      for (size_t i = 0; i < rest_; ++i) {
        largest_beta_[row] -= g[i] * beta_[i];
        for (size_t j = 0; g[i] != 0 && j < rest_; ++j) {
          product_[row * rest_ + j] += g[i] * covariance_[i * rest_ + j];
        }
      }
    }
  }

  // The diagonal of C_largest.
  double LargestVariance(size_t row) const {
    double sum = 1 / diagonal_[row];
    for (size_t i = 0; i < rest_; ++i) {
      sum += product_[row * rest_ + i] * shared_[row * rest_ + i];
    }
    return sum;
  }

  const Design& design_;
  size_t largest_;
  size_t rest_;
  std::vector<double> diagonal_;    // A
  std::vector<double> shared_;      // R, then G.
  std::vector<double> product_;     // G C_rest
  std::vector<double> covariance_;  // S, then C_rest.
  std::vector<double> largest_beta_;
  std::vector<double> beta_;
};

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

double SpreadVarianceOf(const Residuals& residuals) {
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

double SpreadErrorOf(const Residuals& residuals, double spread_variance) {
  double slope = 0;
  for (size_t i = 0; i < residuals.errors.size(); ++i) {
    const double variance = residuals.variances[i] + spread_variance;
    const double square = residuals.errors[i] * residuals.errors[i] / variance;
    slope += square < kCut * kCut ? square / variance : 0;
  }
  const double most = spread_variance / 2 + 0.02 * 0.02;
  const double deviation =
      std::sqrt(kCutVariance * static_cast<double>(residuals.errors.size()));
  return deviation < most * slope ? deviation / slope : most;
}

}  // namespace

AdditiveFit FitAdditively(absl::Span<const ModelCell> cells) {
  COMMONWAGE_CHECK(!cells.empty());
  const Design design = DesignOf(cells);
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
    const Regression regression(design, cells, weights, effect_variances);
    for (size_t i = 0; i < n; ++i) {
      const double variance = regression.Variance(i);
      const double without = 1 - weights[i] * variance;
      fit.variances[i] = variance / without;
      residuals.errors[i] =
          (cells[i].estimate - regression.Fitted(i)) / without;
      residuals.variances[i] = cells[i].error_variance + fit.variances[i];
    }
    fit.spread_variance = SpreadVarianceOf(residuals);
    for (size_t i = 0; i < n; ++i) {
      const double deviation =
          std::sqrt(residuals.variances[i] + fit.spread_variance);
      const double error = std::abs(residuals.errors[i]);
      robustness[i] = error > kCut * deviation ? kCut * deviation / error : 1;
    }
    for (size_t k = 0; k < effect_variances.size(); ++k) {
      effect_variances[k] = std::max(regression.MeanSquareOf(design.effects[k]),
                                     kLeastEffectVariance);
    }
  }
  fit.spread_error = SpreadErrorOf(residuals, fit.spread_variance);
  for (size_t i = 0; i < n; ++i) {
    fit.predictions.push_back(cells[i].estimate - residuals.errors[i]);
  }
  return fit;
}

}  // namespace commonwage::privacy::estimate
