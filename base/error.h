// SPDX-License-Identifier: Apache-2.0
// Errors as this project tells them: a canonical code, one upper-snake reason
// for programs, one plain sentence for people, and, for faulty fields, where.
// Nothing that was sent is ever repeated in them.

#ifndef COMMONWAGE_BASE_ERROR_H_
#define COMMONWAGE_BASE_ERROR_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace commonwage {

// One fault of an input: where it is, and what is wrong, as a sentence.
struct Fault {
  std::string place;     // Such as "marginals[2].fanouts".
  std::string sentence;  // Names no value that a person entered.

  friend bool operator==(const Fault&, const Fault&) = default;
};

// Returns an error of `code` with `reason` (such as "ROUND_CLOSED") attached.
// `sentence` is shown to people: the cause, and what to do about it.
absl::Status Refusal(absl::StatusCode code, absl::string_view reason,
                     absl::string_view sentence);

// As above, and with the faulty fields attached.
absl::Status RefusalOfFields(absl::StatusCode code, absl::string_view reason,
                             absl::string_view sentence,
                             const std::vector<Fault>& faults);

// Returns the reason that Refusal attached, or "" if there is none.
std::string ReasonOf(const absl::Status& status);

// Returns the faults that RefusalOfFields attached, in order.
std::vector<Fault> FaultsOf(const absl::Status& status);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_ERROR_H_
