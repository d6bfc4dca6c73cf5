// SPDX-License-Identifier: Apache-2.0
#include "figures/door.h"

#include "base/status_macros.h"
#include "figures/replies.h"
#include "figures/requests.h"

namespace commonwage::figures {
namespace {

absl::StatusOr<std::shared_ptr<const LoadedRelease>> LoadNamed(
    const std::string& name, ReleaseSource& releases) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string id, ParseReleaseName(name));
  return releases.Load(id);
}

}  // namespace

absl::StatusOr<v1::SummarizeResponse> Reply(const v1::SummarizeRequest& request,
                                            ReleaseSource& releases) {
  COMMONWAGE_ASSIGN_OR_RETURN(const SummaryQuestion question,
                              ToQuestion(request));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto release,
                              LoadNamed(request.name(), releases));
  COMMONWAGE_RETURN_IF_ERROR(
      CheckReplySize(question, release->figures.manifest().plan));
  return Summarize(question, release->figures, release->identity);
}

absl::StatusOr<v1::CompareResponse> Reply(const v1::CompareRequest& request,
                                          ReleaseSource& releases) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto question, ToQuestion(request));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto release,
                              LoadNamed(request.name(), releases));
  return Compare(question, release->figures, release->identity);
}

absl::StatusOr<v1::TrendResponse> Reply(const v1::TrendRequest& request,
                                        ReleaseSource& releases) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto question, ToQuestion(request));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto rounds,
                              releases.LoadSurvey(request.survey()));
  return Trend(question, rounds);
}

}  // namespace commonwage::figures
