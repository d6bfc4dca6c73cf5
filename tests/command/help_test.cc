// SPDX-License-Identifier: Apache-2.0
// Every command of every program explains itself, says what its exit codes
// mean, and refuses what it does not know with 2 and one sentence.

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/program.h"

namespace commonwage::command {
namespace {

using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::RunProgram;

// Returns the names under "Subcommands:" of a help text.
std::vector<std::string> SubcommandsIn(const std::string& help) {
  std::vector<std::string> names;
  std::istringstream lines(help);
  std::string line;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (inside && absl::StartsWith(line, "  ") && line[2] != ' ') {
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    }
    inside = line == "Subcommands:" ||
             (inside && !absl::StripAsciiWhitespace(line).empty());
  }
  return names;
}

// Checks a command and all under it; returns how many there are.
size_t Check(const std::vector<std::string>& command) {
  SCOPED_TRACE(absl::StrJoin(command, " "));
  std::vector<std::string> asked = command;
  asked.emplace_back("--help");
  const ProgramResult help = RunProgram(asked);
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_EQ(help.err, "");
  EXPECT_THAT(help.out, HasSubstr("Usage: "));
  EXPECT_THAT(help.out,
              HasSubstr("Exit codes: 0 done, 1 failed, 2 used wrong"));

  asked.back() = "--no-such-option=zanzibar";
  const ProgramResult wrong = RunProgram(asked);
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_EQ(wrong.out, "");
  EXPECT_EQ(std::count(wrong.err.begin(), wrong.err.end(), '\n'), 1)
      << wrong.err;
  EXPECT_FALSE(absl::StrContains(wrong.err, "zanzibar"));

  size_t count = 1;
  for (const std::string& name : SubcommandsIn(help.out)) {
    std::vector<std::string> inner = command;
    inner.push_back(name);
    count += Check(inner);
  }
  return count;
}

TEST(HelpTest, EveryCommandExplainsItselfAndRefusesWhatItDoesNotKnow) {
  const std::string bin = COMMONWAGE_BIN_DIR "/";
  EXPECT_GE(Check({bin + "commonwage-steward"}), 12U);
  EXPECT_GE(Check({bin + "commonwage-admin"}), 11U);
  EXPECT_GE(Check({bin + "commonwage-issuer"}), 8U);
  EXPECT_GE(Check({bin + "commonwage"}), 12U);
  EXPECT_EQ(Check({bin + "commonwaged"}), 1U);
  EXPECT_EQ(Check({bin + "commonwage-release-sim"}), 1U);
}

}  // namespace
}  // namespace commonwage::command
