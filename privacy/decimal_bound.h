// SPDX-License-Identifier: Apache-2.0
// A probability written in decimal in a plan, such as "1e-7": an upper bound
// that must not grow by reading it.

#ifndef COMMONWAGE_PRIVACY_DECIMAL_BOUND_H_
#define COMMONWAGE_PRIVACY_DECIMAL_BOUND_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::privacy {

// Returns the largest value we can hold that is not above the decimal number in
// `text` (digits, an optional point, an optional exponent).
//
// Fails with INVALID_ARGUMENT (DELTA_FAULTY) unless the text is such a number
// and lies strictly between 0 and 1, and not below 1e-300.
absl::StatusOr<long double> ParseDecimalBound(absl::string_view text);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_DECIMAL_BOUND_H_
