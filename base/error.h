// SPDX-License-Identifier: Apache-2.0
// Errors as this project tells them: a reason of the one list, for programs,
// which brings the canonical code with it; one plain sentence for people; and,
// for faulty fields, where. Nothing that was sent is ever repeated in them.

#ifndef COMMONWAGE_BASE_ERROR_H_
#define COMMONWAGE_BASE_ERROR_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/reasons.h"

namespace commonwage {

// One fault of an input: where it is, and what is wrong, as a sentence.
struct Fault {
  std::string place;     // Such as "marginals[2].fanouts".
  std::string sentence;  // Names no value that a person entered.

  friend bool operator==(const Fault&, const Fault&) = default;
};

// Returns an error with `reason` and its code. `sentence` is shown to people:
// the cause, and what to do about it.
absl::Status Refusal(Reason reason, absl::string_view sentence);

// As above, and with the faulty fields attached.
absl::Status RefusalOfFields(Reason reason, absl::string_view sentence,
                             const std::vector<Fault>& faults);

// Returns an error as a peer told it: `reason` need not be on our list, and
// `code` is the peer's. All texts are the peer's too.
absl::Status RefusalOfPeer(absl::StatusCode code, absl::string_view reason,
                           absl::string_view sentence,
                           const std::vector<Fault>& faults);

// Returns the error `status` in other words: its code and its reason, even if
// it is not on the list, with `sentence` and no faults.
absl::Status Reworded(const absl::Status& status, absl::string_view sentence);

// Returns the name of the reason that was attached, also of one that is not on
// the list; "" if there is none. For what is shown or sent on: decide by
// ReasonOf.
std::string ReasonNameOf(const absl::Status& status);

// Returns the reason that was attached; kUnknown if there is none, or one that
// is not on the list.
Reason ReasonOf(const absl::Status& status);

// Returns the faults that RefusalOfFields attached, in order.
std::vector<Fault> FaultsOf(const absl::Status& status);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_ERROR_H_
