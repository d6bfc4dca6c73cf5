// SPDX-License-Identifier: Apache-2.0
// The word for an estimate, from the width of its interval: released data only.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_QUALITY_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_QUALITY_H_

#include "privacy/estimate/estimate.h"

namespace commonwage::privacy::estimate {

// Half-widths up to which a figure is good, or fair; of wages, counts and gaps
// as a fraction, of shares in absolute terms. No privacy implications, here and
// below.
inline constexpr double kGoodHalfWidth = 0.05;
inline constexpr double kFairHalfWidth = 0.15;

// Of a good share the half-width is at most this part of the share, and of the
// rest: "2 %, give or take 5 points" says little.
inline constexpr double kGoodPartOfShare = 0.5;

// Returns the word for a figure whose interval has this half-width.
inline Quality QualityOf(double half_width) {
  if (half_width <= kGoodHalfWidth) {
    return Quality::kGood;
  }
  return half_width <= kFairHalfWidth ? Quality::kFair : Quality::kPoor;
}

// Returns the word for the share `share`, 0 to 1, whose interval has this
// half-width.
inline Quality QualityOfShare(double share, double half_width) {
  const Quality quality = QualityOf(half_width);
  const double smaller = share < 0.5 ? share : 1 - share;
  return quality == Quality::kGood && half_width > kGoodPartOfShare * smaller
             ? Quality::kFair
             : quality;
}

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_QUALITY_H_
