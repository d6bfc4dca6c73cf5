// SPDX-License-Identifier: Apache-2.0
// What a command says to programs: one message as JSON on standard output.

#ifndef COMMONWAGE_COMMAND_JSON_OUTPUT_H_
#define COMMONWAGE_COMMAND_JSON_OUTPUT_H_

#include <iosfwd>
#include <string>

#include <google/protobuf/message.h>

namespace commonwage::command {

// Returns `message` as JSON with the field names of the proto, zero values
// included, ended by a newline.
std::string JsonText(const google::protobuf::Message& message);

// Prints JsonText on standard output.
void PrintJson(const google::protobuf::Message& message);

// Where sentences for people go: standard output, or standard error when
// standard output carries JSON.
std::ostream& ForPeople(bool json);

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_JSON_OUTPUT_H_
