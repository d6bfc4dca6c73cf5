// SPDX-License-Identifier: Apache-2.0
// Requests as they come over the wire become questions to a release. All that
// can be checked without one is checked here, and every faulty field is named.

#ifndef COMMONWAGE_SERVER_STATISTICS_REQUESTS_H_
#define COMMONWAGE_SERVER_STATISTICS_REQUESTS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "commonwage/v1/statistics_service.pb.h"
#include "privacy/estimate/request.h"
#include "survey/plan/plan.h"

namespace commonwage::server::statistics {

// Fail with INVALID_ARGUMENT, reason REQUEST_FAULTY, and the fields at fault.
absl::StatusOr<privacy::estimate::SummaryRequest> ToQuestion(
    const v1::SummarizeRequest& request);
absl::StatusOr<privacy::estimate::CompareRequest> ToQuestion(
    const v1::CompareRequest& request);
absl::StatusOr<privacy::estimate::TrendRequest> ToQuestion(
    const v1::TrendRequest& request);

// How many figures one answer has at most: it must fit into one message.
inline constexpr size_t kMaxFigures = 20'000;

// Fails as above if the answer from a round of `plan` would have more.
absl::Status CheckAnswerSize(const privacy::estimate::SummaryRequest& question,
                             const Plan& plan);

}  // namespace commonwage::server::statistics

#endif  // COMMONWAGE_SERVER_STATISTICS_REQUESTS_H_
