// SPDX-License-Identifier: Apache-2.0
// The frame that every program's main shares: shield the memory, parse, act,
// report, exit code.

#ifndef COMMONWAGE_COMMAND_COMMAND_LINE_H_
#define COMMONWAGE_COMMAND_COMMAND_LINE_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <CLI/CLI.hpp>

#include "command/report.h"

namespace commonwage::command {

// A program with subcommands. An action runs once its command line is
// understood; what it fails with is reported in one line, without repeating
// anything that was typed.
class CommandLine {
 public:
  // What a command does.
  using Action = std::function<absl::Status()>;

  CommandLine(absl::string_view program, absl::string_view description,
              Plans plans = Plans::kGiven);

  // The program itself; add subcommands and options to it.
  CLI::App& app() { return app_; }

  // Adds a sentence to the end of --help.
  void AddToFooter(absl::string_view sentence);

  // Adds --config: a file of lines KEY = VALUE, each an option of this program
  // that the command line may override.
  void TakeConfigFile(const std::string& description);

  // Adds a subcommand, and runs `action` when it was chosen.
  CLI::App& Add(const std::string& name, const std::string& description,
                Action action);

  // The same for a subcommand of two words, the first of which is its own.
  CLI::App& Add(const std::string& group, const std::string& name,
                const std::string& description, Action action);

  // Runs `action` when `command` was chosen.
  void OnCommand(CLI::App* command, Action action);

  // `forget` is called once the arguments are understood, before any action: it
  // may overwrite them.
  void OnParsed(std::function<void()> forget) { forget_ = std::move(forget); }

  // Runs the program, its memory shielded (shielded_memory.h), and returns its
  // exit code, which is that of a failure too if not all of standard output
  // could be written.
  int Run(int argc, const char* const* argv);

 private:
  absl::Status ParseAndAct(int argc, const char* const* argv);

  std::string program_;
  Plans plans_;
  CLI::App app_;
  Action chosen_;
  std::function<void()> forget_;
};

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_COMMAND_LINE_H_
