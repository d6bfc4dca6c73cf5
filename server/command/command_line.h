// SPDX-License-Identifier: Apache-2.0
// The frame that every program's main shares: parse, act, report, exit code.

#ifndef COMMONWAGE_SERVER_COMMAND_COMMAND_LINE_H_
#define COMMONWAGE_SERVER_COMMAND_COMMAND_LINE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <CLI/CLI.hpp>

namespace commonwage::server::command {

// A program with subcommands. An action runs once its command line is
// understood; what it fails with is reported in one line, without repeating
// anything that was typed.
class CommandLine {
 public:
  CommandLine(absl::string_view program, absl::string_view description);

  // The program itself; add subcommands and options to it.
  CLI::App& app() { return app_; }

  // Adds --config: a file of lines KEY = VALUE, each an option of this program
  // that the command line may override.
  void TakeConfigFile(const std::string& description);

  // Runs `action` when `command` was chosen.
  void OnCommand(CLI::App* command, std::function<absl::Status()> action);

  // Runs the program and returns its exit code, which is that of a failure too
  // if not all of standard output could be written.
  int Run(int argc, const char* const* argv);

 private:
  std::string program_;
  CLI::App app_;
  std::function<absl::Status()> chosen_;
};

}  // namespace commonwage::server::command

#endif  // COMMONWAGE_SERVER_COMMAND_COMMAND_LINE_H_
