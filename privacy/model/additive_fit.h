// SPDX-License-Identifier: Apache-2.0
// What the rest of a table says about each of its cells: an area-level model
// (Fay and Herriot 1979) with additive effects, fitted robustly.
//
// For cells i with direct estimates y_i and error variances b_i,
//   y_i = intercept + sum over dimensions of the effect of i's value + u_i,
// the u_i having variance tau^2 besides b_i. kRounds times, from rho = 1:
//   W_i    = rho_i / (b_i + tau^2)
//   C      = (X' W X + diag(1e-6, 1 / t_k))^-1,   beta = C X' W y
//   q_i    = x_i' C x_i,  h_i = W_i q_i,  P_i = q_i / (1 - h_i)
//   e_i    = (y_i - x_i' beta) / (1 - h_i)
//   tau^2: sum of min(e_i^2 / (b_i + tau^2 + P_i), 4) = 0.9205 N,
//          what it is for normal e_i (Paule and Mandel 1982), >= kLeastSpread^2
//   rho_i  = min(1, 2 sqrt(b_i + tau^2 + P_i) / |e_i|)
//   t_k    = (|beta_k|^2 + tr C_kk) / m_k, >= 1e-5,
// k being a dimension with m_k values that have cells. y_i - e_i is what the
// cell is predicted to be without itself, P_i the variance of that.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_MODEL_ADDITIVE_FIT_H_
#define COMMONWAGE_PRIVACY_MODEL_ADDITIVE_FIT_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/model/effects_regression.h"

namespace commonwage::privacy::model {

struct AdditiveFit {
  std::vector<double> predictions;  // y_i - e_i: without the cell itself.
  std::vector<double> variances;    // P_i
  double spread_variance = 0;       // tau^2
  // Standard error of tau^2, at most tau^2 / 2 + 0.02^2.
  double spread_error = 0;
};

// No privacy implications, here and below.
inline constexpr int kRounds = 25;
// tau is never taken to be smaller.
inline constexpr double kLeastSpread = 0.03;

// Needs one cell at least, all of them with the same number of dimensions. Time
// is linear in the cells and in the values of the largest dimension, and cubic
// in the values of the others.
AdditiveFit FitAdditively(absl::Span<const ModelCell> cells);

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_ADDITIVE_FIT_H_
