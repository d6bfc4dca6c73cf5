// SPDX-License-Identifier: Apache-2.0
#include "command/prompt.h"

#include <unistd.h>

#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"

namespace commonwage::command {
namespace {

absl::Status NotConfirmed(absl::string_view sentence) {
  return Refusal(Reason::kNotConfirmed, sentence);
}

}  // namespace

absl::Status ConfirmOn(absl::string_view question, std::istream& in,
                       std::ostream& out) {
  out << question << " (yes or no) " << std::flush;
  std::string line;
  std::getline(in, line);
  const std::string answer =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(line));
  return answer == "y" || answer == "yes"
             ? absl::OkStatus()
             : NotConfirmed("You did not say yes. Nothing was done.");
}

absl::Status Confirm(const Decision& decision, bool said_yes) {
  std::cerr << decision.facts << '\n' << std::flush;
  if (said_yes) {
    return absl::OkStatus();
  }
  if (isatty(STDIN_FILENO) != 1) {
    return NotConfirmed(absl::StrCat(
        "This needs a person's yes, and there is no terminal to ask on. "
        "Nothing was done. Run it in a terminal, or ",
        decision.otherwise, "."));
  }
  return ConfirmOn(decision.question, std::cin, std::cerr);
}

}  // namespace commonwage::command
