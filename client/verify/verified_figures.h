// SPDX-License-Identifier: Apache-2.0
// The figures of a verified release, as a server would answer them.

#ifndef COMMONWAGE_CLIENT_VERIFY_VERIFIED_FIGURES_H_
#define COMMONWAGE_CLIENT_VERIFY_VERIFIED_FIGURES_H_

#include <vector>

#include "absl/status/statusor.h"

#include "commonwage/v1/round.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "privacy/estimate/summary.h"

namespace commonwage::client {

// Returns, for each table of the plan, what Summarize answers when asked for
// the count and the quantiles 0.1, 0.25, 0.5, 0.75 and 0.9 of all its cells:
// the same bytes, so that whoever was shown a figure can hold it against this
// one. Computed from `figures`, which VerifyRelease returned for `release`.
//
// Post-processing: spends no budget.
// Fails as Figures::Summarize does.
absl::StatusOr<std::vector<v1::SummarizeResponse>> TablesOf(
    const privacy::estimate::Figures& figures,
    const v1::SignedRelease& release);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_VERIFY_VERIFIED_FIGURES_H_
