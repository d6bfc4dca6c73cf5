// SPDX-License-Identifier: Apache-2.0
// Why something was refused, as one list: what programs decide by, over the
// wire and in the log. A reason has one name, one canonical code and one
// sentence of what it means, which docs/ERRORS.md shows; the sentence that a
// person is told stands where the refusal is made, for there it is known what
// it was about.
//
// A reason that partners know keeps its name and its code. A new one gets a
// line in the list of those who say it, and then
//   python3 tests/architecture/reasons.py
// writes docs/ERRORS.md anew.

#ifndef COMMONWAGE_BASE_REASONS_H_
#define COMMONWAGE_BASE_REASONS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace commonwage {

enum class Reason {
  kUnknown,  // None, or one that is not on the list.
#define COMMONWAGE_REASON(enumerator, name, code, sentence) enumerator,
#include "base/reasons_of_clients.inc"
#include "base/reasons_of_programs.inc"
#include "base/reasons_of_servers.inc"
#undef COMMONWAGE_REASON
};

// Returns the name of `reason`, such as "ROUND_CLOSED"; "" for kUnknown.
absl::string_view ReasonName(Reason reason);

// Returns the canonical code of every refusal for `reason`; kUnknown for
// kUnknown.
absl::StatusCode CodeOf(Reason reason);

// Returns what `reason` means and what to do about it, to partners or, where
// only programs say it, to who runs them; "" for kUnknown.
absl::string_view SentenceOf(Reason reason);

// Returns the reason with this name, or kUnknown.
Reason FindReason(absl::string_view name);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_REASONS_H_
