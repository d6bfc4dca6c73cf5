// SPDX-License-Identifier: Apache-2.0
// The word for an estimate, from the width of its interval: released data only.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_QUALITY_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_QUALITY_H_

#include "privacy/estimate/estimate.h"

namespace commonwage::privacy::estimate {

// Half-widths up to which a figure is good, or fair; of wages, counts and gaps
// as a fraction, of shares in absolute terms. No privacy implications.
inline constexpr double kGoodHalfWidth = 0.05;
inline constexpr double kFairHalfWidth = 0.15;

// Returns the word for a figure whose interval has this half-width.
inline Quality QualityOf(double half_width) {
  if (half_width <= kGoodHalfWidth) {
    return Quality::kGood;
  }
  return half_width <= kFairHalfWidth ? Quality::kFair : Quality::kPoor;
}

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_QUALITY_H_
