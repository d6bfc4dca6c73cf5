// SPDX-License-Identifier: Apache-2.0
#include "command/json_output.h"

#include <iostream>

#include "base/check.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::command {

std::string JsonText(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  // Only Any fields and malformed UTF-8 fail: our messages have none of the
  // first, and parsing refuses the second.
  COMMONWAGE_CHECK(
      google::protobuf::util::MessageToJsonString(message, &text, options)
          .ok());
  if (text.empty() || text.back() != '\n') {
    text += '\n';
  }
  return text;
}

void PrintJson(const google::protobuf::Message& message) {
  std::cout << JsonText(message);
}

std::ostream& ForPeople(bool json) { return json ? std::cerr : std::cout; }

}  // namespace commonwage::command
