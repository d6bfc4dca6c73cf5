// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/effects_regression.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"

namespace commonwage::privacy::model {
namespace {

// A standard deviation of 1,000 in log pay: no prior to speak of.
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

// Adds `factor` times `from` to `to`, entry by entry.
void AddTimes(double factor, absl::Span<const double> from,
              absl::Span<double> to) {
  if (factor == 0) {
    return;  // Most of what cells share with each other.
  }
  for (size_t j = 0; j < to.size(); ++j) {
    to[j] += factor * from[j];
  }
}

// Inverts a positive definite matrix in place; such a one needs no pivoting.
void Invert(std::vector<double>& matrix, size_t n) {
  const auto row = [&](size_t i) {
    return absl::MakeSpan(matrix).subspan(i * n, n);
  };
  for (size_t k = 0; k < n; ++k) {
    const double pivot = 1 / row(k)[k];
    row(k)[k] = 1;
    for (double& entry : row(k)) {
      entry *= pivot;
    }
    for (size_t i = 0; i < n; ++i) {
      const double factor = i == k ? 0 : std::exchange(row(i)[k], 0);
      AddTimes(-factor, row(k), row(i));
    }
  }
}

}  // namespace

EffectsDesign MakeEffectsDesign(absl::Span<const ModelCell> cells) {
  const std::vector<std::map<size_t, size_t>> numbers = NumbersOfValues(cells);
  // Of several as large the first one: which is eliminated decides about the
  // last bits of a figure, and whoever verifies it must get the same.
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
      std::vector<size_t>& columns = design.effects[k].is_largest
                                         ? design.largest_of
                                         : design.rest_of.back();
      columns.push_back(design.effects[k].first +
                        numbers[k].at(cell.values[k]));
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
    // C_largest,rest is -G C_rest.
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
    AccumulateOne(cell, weights[cell], cells[cell].estimate);
  }
}

void EffectsRegression::AccumulateOne(size_t cell, double weight,
                                      double estimate) {
  const std::vector<size_t>& columns = design_.rest_of[cell];
  for (const size_t i : columns) {
    beta_[i] += weight * estimate;
    for (const size_t j : columns) {
      covariance_[i * rest_ + j] += weight;
    }
  }
  if (largest_ == 0) {
    return;
  }
  const size_t row = design_.largest_of[cell];
  largest_beta_[row] += weight * estimate;
  diagonal_[row] += weight;
  for (const size_t column : columns) {
    shared_[row * rest_ + column] += weight;
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
    const absl::Span<double> shared = RowOf(shared_, row);
    for (size_t i = 0; i < rest_; ++i) {
      const double g = shared[i] / diagonal_[row];
      AddTimes(-g, shared, RowOf(covariance_, i));
      beta_[i] -= g * largest_beta_[row];
    }
    for (double& entry : shared) {
      entry /= diagonal_[row];
    }
  }
}

void EffectsRegression::Solve() {
  // Inverted, not only solved: every cell's x' C x is asked for.
  Invert(covariance_, rest_);
  const std::vector<double> right =
      std::exchange(beta_, std::vector<double>(rest_));
  for (size_t j = 0; j < rest_; ++j) {
    AddTimes(right[j], RowOf(covariance_, j), absl::MakeSpan(beta_));
  }
  for (size_t row = 0; row < largest_; ++row) {
    const absl::Span<const double> g = RowOf(shared_, row);
    largest_beta_[row] /= diagonal_[row];
    for (size_t i = 0; i < rest_; ++i) {
      largest_beta_[row] -= g[i] * beta_[i];
      AddTimes(g[i], RowOf(covariance_, i), RowOf(product_, row));
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

}  // namespace commonwage::privacy::model
