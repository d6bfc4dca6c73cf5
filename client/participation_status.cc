// SPDX-License-Identifier: Apache-2.0
#include "client/participation_status.h"

#include "base/status_macros.h"
#include "client/participation_state.h"
#include "client/receipt_check.h"
#include "client/round_record.h"

namespace commonwage::client {
namespace {

ParticipationStatus::State ShownState(const RoundRecord& record) {
  using Shown = ParticipationStatus::State;
  switch (StateOf(record)) {
    case ParticipationState::kNothing:
      return Shown::kNothing;
    case ParticipationState::kSealed:
    case ParticipationState::kOnItsWay:
    case ParticipationState::kChanging:
      return Shown::kWaiting;
    case ParticipationState::kStored:
      return Shown::kStored;
    case ParticipationState::kWithdrawn:
      return Shown::kWithdrawn;
    case ParticipationState::kForgotten:
      return Shown::kForgotten;
    case ParticipationState::kMissed:
      return Shown::kMissed;
    case ParticipationState::kUnconfirmed:
      return Shown::kUnconfirmed;
    case ParticipationState::kCalledOff:
      break;
  }
  // What was taken back before stays that.
  return IsWithdrawn(record)   ? Shown::kWithdrawn
         : HasAnswered(record) ? Shown::kCalledOff
                               : Shown::kNothing;
}

}  // namespace

absl::StatusOr<ParticipationStatus> DeriveStatus(absl::string_view round_id,
                                                 const RoundRecord* record) {
  ParticipationStatus status;
  status.round_id = std::string(round_id);
  if (record == nullptr) {
    return status;
  }
  if (HasReceipt(*record)) {
    COMMONWAGE_RETURN_IF_ERROR(CheckReceipt(
        record->receipt(), record->accepted_frame(), ReceiptKeyOf(*record)));
    status.sequence = record->receipt().sequence();
  }
  status.state = ShownState(*record);
  if (record->has_waiting()) {
    status.send_at = absl::FromUnixSeconds(record->waiting().send_at());
  }
  return status;
}

}  // namespace commonwage::client
