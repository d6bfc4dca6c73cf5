// SPDX-License-Identifier: Apache-2.0
// What a release answers, as it goes over the wire. Withheld cells are all
// alike here too: a key, and the word.

#ifndef COMMONWAGE_SERVER_STATISTICS_REPLIES_H_
#define COMMONWAGE_SERVER_STATISTICS_REPLIES_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "commonwage/v1/statistics_service.pb.h"
#include "privacy/estimate/result.h"
#include "server/statistics/release_index.h"

namespace commonwage::server::statistics {

// Changes when the same request to the same release gives other figures.
inline constexpr absl::string_view kEstimatorVersion = "2";

// Need results that `release` gave.
v1::SummarizeResponse ToReply(const privacy::estimate::SummaryResult& result,
                              const LoadedRelease& release);
v1::CompareResponse ToReply(const privacy::estimate::CompareResult& result,
                            const LoadedRelease& release);

// Needs the result of Trend over `releases`. Every one of them has a point; the
// point of a round that did not ask for the cell says so.
v1::TrendResponse ToReply(
    const privacy::estimate::TrendResult& result,
    absl::Span<const std::shared_ptr<const LoadedRelease>> releases);

// Returns the release's own number in figures that stand on several:
// "couriers.2026-q1 sha256:0123...".
std::string ReleaseCitation(absl::string_view round_id,
                            const ReleaseCard& card);

v1::Admission AdmissionToProto(Admission admission);

}  // namespace commonwage::server::statistics

#endif  // COMMONWAGE_SERVER_STATISTICS_REPLIES_H_
