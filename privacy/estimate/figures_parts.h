// SPDX-License-Identifier: Apache-2.0
// Inside of Figures, shared by its sources only.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_FIGURES_PARTS_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_FIGURES_PARTS_H_

#include <memory>
#include <vector>

#include "privacy/estimate/marginal_view.h"
#include "privacy/estimate/summary.h"

namespace commonwage::privacy::estimate {

// One in this many intervals misses, unless a request asks for fewer.
inline constexpr double kMiss = 0.05;

// At most this many quantiles, and this many rates, in a request.
inline constexpr size_t kMaxFigures = 32;

struct Figures::Parts {
  Manifest manifest;
  Release release;
  std::vector<MarginalView> marginals;  // Of `manifest` and `release`.
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_FIGURES_PARTS_H_
