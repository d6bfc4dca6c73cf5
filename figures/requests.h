// SPDX-License-Identifier: Apache-2.0
// Requests as they come over the wire become questions to a release. All that
// can be checked without one is checked here, and every faulty field is named.

#ifndef COMMONWAGE_FIGURES_REQUESTS_H_
#define COMMONWAGE_FIGURES_REQUESTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "commonwage/v1/statistics_service.pb.h"
#include "privacy/estimate/request.h"
#include "survey/plan/plan.h"

namespace commonwage::figures {

// What is asked of many cells of one table (privacy/estimate/request.h says how
// it is read).
struct SummaryQuestion {
  std::string measure;          // Empty: the plan's only measure.
  std::vector<std::string> by;  // Dimension ids; empty: all workers together.
  privacy::estimate::ValuesByDimension where;
  std::vector<std::string> add;        // Dimensions that cells are added over.
  v1::StatisticsSelection statistics;  // Asks for one at least.
  bool modelled = false;
  bool simultaneous = false;
};

// Fail with INVALID_ARGUMENT, reason REQUEST_FAULTY, and the fields at fault.
absl::StatusOr<SummaryQuestion> ToQuestion(const v1::SummarizeRequest& request);
absl::StatusOr<privacy::estimate::CompareRequest> ToQuestion(
    const v1::CompareRequest& request);
absl::StatusOr<privacy::estimate::TrendRequest> ToQuestion(
    const v1::TrendRequest& request);

// How many figures one reply has at most: it must fit into one message.
inline constexpr size_t kMaxFigures = 20'000;

// Fails as above if the reply from a round of `plan` would have more.
absl::Status CheckReplySize(const SummaryQuestion& question, const Plan& plan);

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_REQUESTS_H_
