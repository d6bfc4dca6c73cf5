// SPDX-License-Identifier: Apache-2.0
// The nearest non-decreasing sequence: a noisy cumulative count may fall, a
// true one cannot. Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_ISOTONIC_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_ISOTONIC_H_

#include <vector>

#include "absl/types/span.h"

namespace commonwage::privacy::estimate {

// Returns the non-decreasing y that makes sum_i weights[i] (y_i - values[i])^2
// least (pool adjacent violators). Needs as many weights, all > 0, as values.
std::vector<double> Isotonic(absl::Span<const double> values,
                             absl::Span<const double> weights);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_ISOTONIC_H_
