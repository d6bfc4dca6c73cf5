// SPDX-License-Identifier: Apache-2.0
#include "server/operator/round_access.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::server::operators {

absl::Status Refused(absl::string_view reason, absl::string_view sentence) {
  return Refusal(absl::StatusCode::kFailedPrecondition, reason, sentence);
}

absl::Status RoundUnknown() {
  return Refusal(absl::StatusCode::kNotFound, "UNKNOWN_ROUND",
                 "There is no such round here; round status lists those that "
                 "were imported.");
}

absl::Status SignedByAnother() {
  return Refused("SURVEY_KEY_DIFFERS",
                 "The file is signed by another key than the survey's; ask "
                 "the steward, and compare fingerprints.");
}

absl::StatusOr<storage::StoredRound> GetRound(OperatorHost& host,
                                              absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<storage::StoredRound> round,
                              host.catalogue().FindRound(round_id));
  if (!round.has_value()) {
    return RoundUnknown();
  }
  return *std::move(round);
}

absl::Status RefuseSetAside(const storage::RoundSummary& round) {
  return round.set_aside
             ? Refused("ROUND_SET_ASIDE",
                       "The round is set aside, and stays as it is. Take that "
                       "back first with round set-aside --undo.")
             : absl::OkStatus();
}

}  // namespace commonwage::server::operators
