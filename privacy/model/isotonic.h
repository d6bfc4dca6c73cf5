// SPDX-License-Identifier: Apache-2.0
// The non-decreasing sequence nearest to a noisy one: pool adjacent violators
// (Barlow, Bartholomew, Bremner and Brunk 1972, section 1.2).
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_MODEL_ISOTONIC_H_
#define COMMONWAGE_PRIVACY_MODEL_ISOTONIC_H_

#include <vector>

#include "absl/types/span.h"

namespace commonwage::privacy::model {

// Returns the y with y_0 <= y_1 <= ... that makes
// sum_j weights[j] (values[j] - y_j)^2 least. Needs as many weights as values,
// all > 0. Time is linear.
std::vector<double> FitIsotonic(absl::Span<const double> values,
                                absl::Span<const double> weights);

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_ISOTONIC_H_
