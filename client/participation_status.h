// SPDX-License-Identifier: Apache-2.0
// How things stand for one person in one round.

#ifndef COMMONWAGE_CLIENT_PARTICIPATION_STATUS_H_
#define COMMONWAGE_CLIENT_PARTICIPATION_STATUS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/wallet_records.pb.h"

namespace commonwage::client {

struct ParticipationStatus {
  enum class State {
    kNothing,    // Nothing was sent that this wallet knows of.
    kWaiting,    // Sealed and kept on the device until `send_at`.
    kStored,     // The server has it; the receipt holds.
    kWithdrawn,  // Taken back, for good; the receipt holds.
    kForgotten,  // Sent in forgetful mode; everything about it was erased.
    kMissed,     // The round closed before it was sent: it is not counted.
    // It was tried, and the round closed before a receipt came: nobody can tell
    // here whether it is counted.
    kUnconfirmed,
    // The survey's key has called the round off: the answer was destroyed
    // unread.
    kCalledOff,
  };

  std::string round_id;
  State state = State::kNothing;
  uint64_t sequence = 0;  // Of what the server accepted last.
  absl::Time send_at;     // If kWaiting.
};

// Returns what `record`, or null, says; its receipt is checked again.
// Fails with FAILED_PRECONDITION (RECEIPT_REFUSED).
absl::StatusOr<ParticipationStatus> DeriveStatus(absl::string_view round_id,
                                                 const RoundRecord* record);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_PARTICIPATION_STATUS_H_
