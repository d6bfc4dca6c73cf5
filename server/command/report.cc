// SPDX-License-Identifier: Apache-2.0
#include "server/command/report.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/error.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::server::command {
namespace {

constexpr absl::string_view kWrongUseReason = "WRONG_USE";

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
  return Refusal(absl::StatusCode::kInvalidArgument, kWrongUseReason, sentence);
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) {
    return kExitDone;
  }
  const std::string reason = ReasonOf(status);
  return reason == kWrongUseReason || reason == "PLAN_FAULTY" ? kExitWrongUse
                                                              : kExitFailed;
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

std::string JsonText(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  // Only Any fields and malformed UTF-8 fail, and our messages have neither.
  COMMONWAGE_CHECK(
      google::protobuf::util::MessageToJsonString(message, &text, options)
          .ok());
  if (text.empty() || text.back() != '\n') {
    text += '\n';
  }
  return text;
}

}  // namespace commonwage::server::command
