// SPDX-License-Identifier: Apache-2.0
// Runs the `commonwage` command within the test and catches what it says.

#ifndef COMMONWAGE_TESTS_CLIENT_CLI_RUN_COMMAND_H_
#define COMMONWAGE_TESTS_CLIENT_CLI_RUN_COMMAND_H_

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client/cli/commands.h"
#include "command/command_line.h"

namespace commonwage::testing {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// Runs "commonwage ARGUMENTS".
inline Outcome RunCommand(const std::vector<std::string>& arguments) {
  command::CommandLine program("commonwage", "", command::Plans::kFetched);
  client::cli::AddCommands(program);
  std::vector<const char*> argv = {"commonwage"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.exit_code = program.Run(static_cast<int>(argv.size()), argv.data());
  outcome.out = ::testing::internal::GetCapturedStdout();
  outcome.err = ::testing::internal::GetCapturedStderr();
  return outcome;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_CLIENT_CLI_RUN_COMMAND_H_
