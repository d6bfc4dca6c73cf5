// SPDX-License-Identifier: Apache-2.0
#include "client/connection/server_refusal.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/error.h"

namespace commonwage::client {
namespace {

absl::string_view WhatIsWrong(Reason reason) {
  if (reason == Reason::kCredentialRefused) {
    return "your enrolment is not valid in this round.";
  }
  return reason == Reason::kFrameVersion
             ? "this program writes another version of the format than it "
               "reads; update this program."
             : "what came was damaged.";
}

}  // namespace

bool IsFinal(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kRoundClosed || reason == Reason::kNothingToAmend ||
         reason == Reason::kAlreadyWithdrawn || reason == Reason::kSequenceUsed;
}

bool IsFaulted(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kSignatureRefused ||
         reason == Reason::kCredentialRefused ||
         reason == Reason::kFrameMalformed || reason == Reason::kFrameVersion;
}

absl::Status KeptAfter(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  if (IsFaulted(status)) {
    return Reworded(
        status,
        absl::StrCat("The survey's server did not take it: it says that ",
                     WhatIsWrong(reason),
                     " What you entered is sealed and kept in the wallet; "
                     "`commonwage submit --resume` sends it again. If this "
                     "stays so, tell the union."));
  }
  return Reworded(
      status,
      absl::StrCat(status.message(),
                   " What you entered is sealed and kept in the wallet; "
                   "`commonwage submit --resume` sends it."));
}

absl::Status ClosedBeforeTime(absl::Time closes_at) {
  return Refusal(
      Reason::kClosedBeforeTime,
      absl::StrCat(
          "The survey's server says that the round has closed. By its rules it "
          "closes at ",
          absl::FormatTime("%Y-%m-%d %H:%M", closes_at, absl::UTCTimeZone()),
          " UTC, and by this device's clock that is still to come, or the two "
          "clocks do not agree. What you entered is sealed and kept in the "
          "wallet; `commonwage submit --resume` tries again. Ask the union "
          "whether the round was closed early."));
}

absl::Status CancelledUnproven() {
  return Refusal(Reason::kCancellationRefused,
                 "The survey's server says that the round was called off, and "
                 "does not show the survey's key's word for it. What waits in "
                 "the wallet is kept; `commonwage submit --resume` tries "
                 "again. Ask the union.");
}

}  // namespace commonwage::client
