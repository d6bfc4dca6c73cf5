// SPDX-License-Identifier: Apache-2.0
// Weighted regression on additive effects with a prior on them: the middle of
// additive_fit.h. With W the cells' weights and t_k the variance of the effects
// of dimension k,
//   C = (X' W X + diag(1e-6, 1 / t_k))^-1,   beta = C X' W y.
// The columns of one dimension are orthogonal, so those of the largest one are
// eliminated: a table of 4,000 jobs and 20 regions is one of 21 unknowns.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_MODEL_EFFECTS_REGRESSION_H_
#define COMMONWAGE_PRIVACY_MODEL_EFFECTS_REGRESSION_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

namespace commonwage::privacy::model {

// A cell as the model sees it.
struct ModelCell {
  std::vector<size_t> values;  // Value index per dimension.
  double estimate = 0;         // y
  double error_variance = 0;   // Of y, > 0.
};

// The effects of one dimension, as a range of columns.
struct Effects {
  bool is_largest = false;
  size_t first = 0;
  size_t count = 0;
};

// Which columns of X a cell has. Those of the largest dimension are numbered by
// themselves and taken out of the equations, in which they are diagonal; the
// rest begin with the intercept, column 0.
struct EffectsDesign {
  std::vector<Effects> effects;
  size_t largest = 0;  // Columns of the largest dimension.
  size_t rest = 1;
  std::vector<size_t> largest_of;            // Per cell, if largest > 0.
  std::vector<std::vector<size_t>> rest_of;  // Per cell.
};

// Returns the design of `cells`, one at least, all of them with the same number
// of dimensions. Values without cells have no column; a single dimension has no
// effects, as they would be its cells.
EffectsDesign MakeEffectsDesign(absl::Span<const ModelCell> cells);

class EffectsRegression {
 public:
  // `design` is that of `cells`, and must outlive it; a weight per cell and a
  // variance per dimension, all > 0.
  EffectsRegression(const EffectsDesign& design,
                    absl::Span<const ModelCell> cells,
                    absl::Span<const double> weights,
                    absl::Span<const double> effect_variances);

  // x' beta of a cell.
  double Fitted(size_t cell) const;

  // x' C x of a cell.
  double Variance(size_t cell) const;

  // (|beta_k|^2 + tr C_kk) / m_k over the m_k columns of a dimension.
  double MeanSquareOf(const Effects& effects) const;

 private:
  void Accumulate(absl::Span<const ModelCell> cells,
                  absl::Span<const double> weights);
  void AccumulateOne(size_t cell, double weight, double estimate);
  void AddPrior(absl::Span<const double> effect_variances);
  void Eliminate();
  void Solve();
  double LargestVariance(size_t row) const;

  // A row of a matrix that has a column for each effect but the largest ones.
  absl::Span<double> RowOf(std::vector<double>& matrix, size_t row) const {
    return absl::MakeSpan(matrix).subspan(row * rest_, rest_);
  }

  const EffectsDesign& design_;
  size_t largest_;
  size_t rest_;
  std::vector<double> diagonal_;    // A
  std::vector<double> shared_;      // R, then G.
  std::vector<double> product_;     // G C_rest
  std::vector<double> covariance_;  // S, then C_rest.
  std::vector<double> largest_beta_;
  std::vector<double> beta_;
};

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_EFFECTS_REGRESSION_H_
