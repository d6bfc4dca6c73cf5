// SPDX-License-Identifier: Apache-2.0
// How many workers of a cell took part. Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_COUNT_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_COUNT_H_

#include "privacy/estimate/estimate.h"
#include "privacy/model/cell_cdf.h"
#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {

// Returns T with T +- z sqrt(V_T). A shown cell has at least `least` workers, k
// for each of its parts, which value and limits respect. Those who took part
// are counted, not sampled: sampling_sd is 0.
Estimate EstimateCount(const model::CellCdf& cdf, double least,
                       const model::Critical& critical);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_COUNT_H_
