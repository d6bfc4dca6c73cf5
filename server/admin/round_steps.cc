// SPDX-License-Identifier: Apache-2.0
#include "server/admin/round_steps.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::server::admin {

using storage::RoundSummary;
using storage::SignedBytes;
using storage::StoredRound;

absl::Status RoundUnknown() {
  return Refusal(Reason::kUnknownRound,
                 "There is no such round here; round status lists those that "
                 "were imported.");
}

absl::Status SignedByAnother() {
  return Refusal(Reason::kSurveyKeyDiffers,
                 "The file is signed by another key than the survey's; ask "
                 "the steward, and compare fingerprints.");
}

absl::Status RefuseSetAside(const RoundSummary& round) {
  return round.set_aside
             ? Refusal(Reason::kRoundSetAside,
                       "The round is set aside, and stays as it is. Take that "
                       "back first with round set-aside --undo.")
             : absl::OkStatus();
}

absl::Status RefuseCancelled(const RoundSummary& round) {
  return round.state == RoundState::kCancelled
             ? Refusal(Reason::kRoundCancelled,
                       "The round was called off, and that is final: its "
                       "submissions are destroyed unread.")
             : absl::OkStatus();
}

absl::StatusOr<StoredRound> GetRound(AdminHost& host,
                                     absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<StoredRound> round,
                              host.catalogue().FindRound(round_id));
  if (!round.has_value()) {
    return RoundUnknown();
  }
  return *std::move(round);
}

absl::StatusOr<StepResult> ResultFor(AdminHost& host, const RoundSummary& round,
                                     bool repeated) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto key,
                              host.catalogue().FindSurveyKey(round.survey));
  StepResult result;
  result.round_id = round.id;
  result.survey_key = key.value_or(crypto::VerifyKey());
  result.repeated = repeated;
  return result;
}

absl::Status PutFirst(const crypto::VerifyKey& key, SignedBytes& stored) {
  const auto found =
      std::find_if(stored.signatures.begin(), stored.signatures.end(),
                   [&](const storage::DetachedSignature& entry) {
                     return entry.key == key;
                   });
  if (found == stored.signatures.end()) {
    return SignedByAnother();
  }
  std::rotate(stored.signatures.begin(), found, found + 1);
  return absl::OkStatus();
}

absl::Status Erase(AdminHost& host, absl::string_view round_id) {
  COMMONWAGE_RETURN_IF_ERROR(host.EraseInbox(round_id));
  return host.catalogue().MarkErased(round_id);
}

}  // namespace commonwage::server::admin
