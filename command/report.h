// SPDX-License-Identifier: Apache-2.0
// What a command says at its end: one sentence per failure on standard error,
// and the exit code.

#ifndef COMMONWAGE_COMMAND_REPORT_H_
#define COMMONWAGE_COMMAND_REPORT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace commonwage::command {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitWrongUse = 2;

// Whose the plans are that a program reads.
enum class Plans {
  kGiven,    // Of whoever calls it: one with faults is a wrong use.
  kFetched,  // A server's: nobody at the keyboard can mend one with faults.
};

// Returns an error that means "used wrongly": the command exits with 2.
absl::Status WrongUse(absl::string_view sentence);

// Returns the exit code of a command that ended with `status`: kExitWrongUse
// for WrongUse and for a given plan with faults, else kExitFailed unless it is
// OK.
int ExitCodeOf(const absl::Status& status, Plans plans = Plans::kGiven);

// Returns the sentence of --help about these codes.
std::string ExitCodesText(Plans plans);

// Returns what to print for a failure: "PROGRAM: SENTENCE" and a line
// "PLACE: SENTENCE" per fault, each ended by a newline. Control characters are
// left out.
std::string FailureText(absl::string_view program, const absl::Status& status);

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_REPORT_H_
