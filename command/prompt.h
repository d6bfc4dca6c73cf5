// SPDX-License-Identifier: Apache-2.0
// Questions that a person answers before something that cannot be undone.

#ifndef COMMONWAGE_COMMAND_PROMPT_H_
#define COMMONWAGE_COMMAND_PROMPT_H_

#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace commonwage::command {

// What somebody has to decide. Both are whole sentences.
struct Decision {
  std::string facts;     // What speaks for and against it; lines of text.
  std::string question;  // Such as "Publish it all the same?"
  // How else a decision can be given, where there is no terminal.
  std::string otherwise{"with --yes once it is decided"};
};

// Says the facts on standard error, also if `said_yes`, the command's --yes.
// Returns OK if so. Otherwise asks, if standard input is a terminal.
//
// Fails with FAILED_PRECONDITION (NOT_CONFIRMED) unless the answer is yes, and
// without a terminal: nobody is there to ask.
absl::Status Confirm(const Decision& decision, bool said_yes);

// Asks `question` on `out` and reads a line of `in`. "y" and "yes" are yes, in
// any case; whatever else, and the end of `in`, is no. Fails as Confirm.
absl::Status ConfirmOn(absl::string_view question, std::istream& in,
                       std::ostream& out);

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_PROMPT_H_
