// SPDX-License-Identifier: Apache-2.0
// What a command says at its end: one sentence per failure on standard error,
// one message as JSON on standard output, and the exit code.

#ifndef COMMONWAGE_SERVER_COMMAND_REPORT_H_
#define COMMONWAGE_SERVER_COMMAND_REPORT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <google/protobuf/message.h>

namespace commonwage::server::command {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitWrongUse = 2;

// Returns an error that means "used wrongly": the command exits with 2.
absl::Status WrongUse(absl::string_view sentence);

// Returns the exit code of a command that ended with `status`: kExitWrongUse
// for WrongUse and for a plan with faults, else kExitFailed unless it is OK.
int ExitCodeOf(const absl::Status& status);

// Returns what to print for a failure: "PROGRAM: SENTENCE" and a line
// "PLACE: SENTENCE" per fault, each ended by a newline. Control characters are
// left out.
std::string FailureText(absl::string_view program, const absl::Status& status);

// Returns `message` as JSON with the field names of the proto, zero values
// included, ended by a newline.
std::string JsonText(const google::protobuf::Message& message);

}  // namespace commonwage::server::command

#endif  // COMMONWAGE_SERVER_COMMAND_REPORT_H_
