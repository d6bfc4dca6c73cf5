// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/effects_regression.h"

#include <algorithm>
#include <map>

#include "base/check.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kInterceptPrecision = 1e-6;

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

}  // namespace

EffectsDesign EffectsDesignOf(absl::Span<const ModelCell> cells) {
  const std::vector<std::map<size_t, size_t>> numbers = NumbersOfValues(cells);
  const auto largest = std::max_element(
      numbers.begin(), numbers.end(),
      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  EffectsDesign design;
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

// With A the diagonal of the largest dimension's equations, R what they share
// with the rest, S those of the rest, and G = A^-1 R:
//   C_rest = (S - R' A^-1 R)^-1,  C_largest,rest = -G C_rest,
//   C_largest = A^-1 + G C_rest G', of which only the diagonal is needed.
EffectsRegression::EffectsRegression(const EffectsDesign& design,
                                     absl::Span<const ModelCell> cells,
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

double EffectsRegression::Fitted(size_t cell) const {
  double sum = largest_ > 0 ? largest_beta_[design_.largest_of[cell]] : 0;
  for (const size_t column : design_.rest_of[cell]) {
    sum += beta_[column];
  }
  return sum;
}

double EffectsRegression::Variance(size_t cell) const {
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

double EffectsRegression::MeanSquareOf(const Effects& effects) const {
  double sum = 0;
  for (size_t i = effects.first; i < effects.first + effects.count; ++i) {
    sum += effects.is_largest
               ? largest_beta_[i] * largest_beta_[i] + LargestVariance(i)
               : beta_[i] * beta_[i] + covariance_[i * rest_ + i];
  }
  return sum / static_cast<double>(effects.count);
}

void EffectsRegression::Accumulate(absl::Span<const ModelCell> cells,
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

void EffectsRegression::AddPrior(absl::Span<const double> effect_variances) {
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
void EffectsRegression::Eliminate() {
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

void EffectsRegression::Solve() {
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
double EffectsRegression::LargestVariance(size_t row) const {
  double sum = 1 / diagonal_[row];
  for (size_t i = 0; i < rest_; ++i) {
    sum += product_[row * rest_ + i] * shared_[row * rest_ + i];
  }
  return sum;
}

}  // namespace commonwage::privacy::estimate
