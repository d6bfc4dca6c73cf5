// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/count.h"

#include <algorithm>
#include <cmath>

#include "privacy/estimate/quality.h"

namespace commonwage::privacy::estimate {

Estimate EstimateCount(const model::CellCdf& cdf, double least,
                       const model::Critical& critical) {
  Estimate count;
  count.noise_sd = std::sqrt(cdf.TotalVariance());
  const double reach = critical.noise * count.noise_sd;
  // The rule that shows cells is public: that it was passed tells this much,
  // and costs nothing to say. Noise may say less.
  count.value = std::max(cdf.total(), least);
  count.interval.low = std::max(cdf.total() - reach, least);
  count.interval.high = std::max(cdf.total() + reach, least);
  // Of noise alone: whoever took part is counted, not sampled.
  count.quality = QualityOf(reach / std::max(count.value, 1.0));
  return count;
}

}  // namespace commonwage::privacy::estimate
