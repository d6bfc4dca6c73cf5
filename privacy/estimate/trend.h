// SPDX-License-Identifier: Apache-2.0
// One cell followed over the rounds of a survey: its quantile in each, and what
// can be said of how it changed. A pure function of manifests and releases, as
// all figures are (summary.h).
//
// Post-processing: spends no budget, reads nothing but the releases.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_TREND_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_TREND_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "privacy/estimate/request.h"
#include "privacy/estimate/result.h"
#include "privacy/estimate/summary.h"

namespace commonwage::privacy::estimate {

// Follows one cell over `rounds`, all of one survey, in the order given, which
// is the order of the answer: oldest first.
//
// Fails with INVALID_ARGUMENT, NO_ROUNDS if `rounds` is empty, ROUNDS_DIFFER if
// they are of several surveys or count pay in several currencies or periods;
// and as Summarize does, if no round at all has what is asked for.
absl::StatusOr<TrendResult> Trend(absl::Span<const Figures* const> rounds,
                                  const TrendRequest& request);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_TREND_H_
