// SPDX-License-Identifier: Apache-2.0
// The frame of the `commonwage` command: parse, act, say how it went.

#ifndef COMMONWAGE_CLIENT_CLI_COMMAND_LINE_H_
#define COMMONWAGE_CLIENT_CLI_COMMAND_LINE_H_

#include <functional>
#include <iosfwd>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <CLI/CLI.hpp>

#include <google/protobuf/message.h>

namespace commonwage::client::cli {

// Returns an error that means "used wrongly": the command exits with 2.
absl::Status WrongUse(absl::string_view sentence);

// Prints `message` as JSON with the field names of the proto, zero values
// included.
void PrintJson(const google::protobuf::Message& message);

// Where sentences for people go: standard output, or standard error when
// standard output carries JSON.
std::ostream& ForPeople(bool json);

// The program with its subcommands.
class CommandLine {
 public:
  CommandLine();

  // Adds a subcommand. `action` runs if it is chosen and its arguments are
  // understood.
  CLI::App& Add(const std::string& name, const std::string& description,
                std::function<absl::Status()> action);

  // `forget` is called once the arguments are understood, before any action: it
  // may overwrite them.
  void OnParsed(std::function<void()> forget) { forget_ = std::move(forget); }

  // The same for a subcommand of two words, the first of which is its own.
  CLI::App& Add(const std::string& group, const std::string& name,
                const std::string& description,
                std::function<absl::Status()> action);

  // Runs the program, its memory shielded (crypto/shielded_memory.h), and
  // returns its exit code: 0 done, 1 failed, which it is too if not all of
  // standard output could be written, 2 used wrongly. A failure is one
  // sentence on standard error, and a line per faulty field; nothing that was
  // typed is repeated.
  int Run(int argc, const char* const* argv);

 private:
  CLI::App app_;
  std::function<absl::Status()> chosen_;
  std::function<void()> forget_;
};

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_COMMAND_LINE_H_
