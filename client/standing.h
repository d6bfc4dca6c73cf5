// SPDX-License-Identifier: Apache-2.0
// How things stand for one person in one round.

#ifndef COMMONWAGE_CLIENT_STANDING_H_
#define COMMONWAGE_CLIENT_STANDING_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace commonwage::client {

struct Standing {
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

// What a person may choose about taking part.
struct Choices {
  // The survey key's fingerprint or words, as told by the union. Needed at the
  // first use of a survey that the wallet has not joined; else it may be empty.
  std::string survey_key_fingerprint;
  // A first answer waits a random time up to this, so that its moment says
  // nothing about who sent it. Zero sends at once.
  absl::Duration delay_up_to = absl::Hours(48);
  // Uses keys of its own for this round, and erases them once the receipt is
  // there: nothing on the device leads to the answer, which can then neither be
  // amended nor withdrawn, nor recovered from the words.
  bool forgetful = false;
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_STANDING_H_
