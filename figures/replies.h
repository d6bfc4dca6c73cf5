// SPDX-License-Identifier: Apache-2.0
// From questions to a release, to replies as they go over the wire. Withheld
// cells are all alike: a key, and the word. The same question to the same
// release gets the same bytes, from whoever computes them.
//
// Post-processing: spends no budget. Reveals nothing but releases.

#ifndef COMMONWAGE_FIGURES_REPLIES_H_
#define COMMONWAGE_FIGURES_REPLIES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"

#include "commonwage/v1/statistics_service.pb.h"
#include "figures/release_identity.h"
#include "figures/requests.h"
#include "privacy/estimate/request.h"
#include "privacy/estimate/summary.h"

namespace commonwage::figures {

// Both need the figures of the release that `identity` identifies.
//
// Fails with INVALID_ARGUMENT, REQUEST_FAULTY and the fields at fault if a
// measure or dimension is unknown or misplaced; with NOT_FOUND,
// NO_SUCH_MARGINAL if no marginal has these dimensions, and UNKNOWN_CELL if a
// dimension has no such value. However large the reply is: see CheckReplySize.
absl::StatusOr<v1::SummarizeResponse> Summarize(
    const SummaryQuestion& question, const privacy::estimate::Figures& figures,
    const ReleaseIdentity& identity);

// Fails as above, and as privacy::estimate::Figures::Compare does.
absl::StatusOr<v1::CompareResponse> Compare(
    const privacy::estimate::CompareRequest& question,
    const privacy::estimate::Figures& figures, const ReleaseIdentity& identity);

// Every release has a point, in the order given, oldest first; the point of a
// round that did not ask for the cell says so.
//
// Fails as privacy::estimate::Trend does.
absl::StatusOr<v1::TrendResponse> Trend(
    const privacy::estimate::TrendRequest& question,
    const std::vector<std::shared_ptr<const LoadedRelease>>& releases);

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_REPLIES_H_
