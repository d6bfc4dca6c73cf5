// SPDX-License-Identifier: Apache-2.0
#include "command/report.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"

namespace commonwage::command {
namespace {

// A sentence stays one line on the terminal, whatever a library put in it.
std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); },
      ' ');
  return text;
}

}  // namespace

absl::Status WrongUse(absl::string_view sentence) {
  return Refusal(Reason::kWrongUse, sentence);
}

int ExitCodeOf(const absl::Status& status, Plans plans) {
  if (status.ok()) {
    return kExitDone;
  }
  const Reason reason = ReasonOf(status);
  const bool wrong_use =
      reason == Reason::kWrongUse ||
      (plans == Plans::kGiven && reason == Reason::kPlanFaulty);
  return wrong_use ? kExitWrongUse : kExitFailed;
}

std::string ExitCodesText(Plans plans) {
  return absl::StrCat(
      "Exit codes: 0 done, 1 failed, 2 used wrongly",
      plans == Plans::kGiven ? ", which a plan with faults is too." : ".");
}

std::string FailureText(absl::string_view program, const absl::Status& status) {
  std::string text =
      absl::StrCat(program, ": ", OneLine(std::string(status.message())), "\n");
  for (const Fault& fault : FaultsOf(status)) {
    absl::StrAppend(&text, fault.place, fault.place.empty() ? "" : ": ",
                    OneLine(fault.sentence), "\n");
  }
  return text;
}

}  // namespace commonwage::command
