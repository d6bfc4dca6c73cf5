// SPDX-License-Identifier: Apache-2.0
// All six programs have the one command line: the same exit codes, --version
// and --help, and memory that is shielded before anything is read.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "tests/testing/program.h"

namespace commonwage::command {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::ProgramResult;
using testing::RunProgram;
using ::testing::StartsWith;

// In the name of every file that the programs are given; none is there.
constexpr char kMissing[] = "/not-there/";

struct ProgramCase {
  std::string name;
  // Well formed, of files that are missing.
  std::vector<std::string> failing;
};

class ProgramsTest : public ::testing::TestWithParam<ProgramCase> {
 protected:
  static std::string Path() {
    return std::string(COMMONWAGE_BIN_DIR "/") + GetParam().name;
  }
  static ProgramResult Run(const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {Path()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return RunProgram(words);
  }
};

TEST_P(ProgramsTest, SaysWhichVersionItIs) {
  const ProgramResult result = Run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(result.err, "");
}

TEST_P(ProgramsTest, ExplainsItself) {
  const ProgramResult result = Run({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr(GetParam().name));
  EXPECT_THAT(result.out,
              HasSubstr("Exit codes: 0 done, 1 failed, 2 used wrongly"));
  EXPECT_EQ(result.err, "");
}

TEST_P(ProgramsTest, RefusesWrongUseWithoutRepeatingIt) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>(), {"--zanzibar"}, {"zanzibar", "x"}}) {
    const ProgramResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, StartsWith(GetParam().name + ": "));
    EXPECT_FALSE(absl::StrContains(result.err, "zanzibar"));
  }
}

TEST_P(ProgramsTest, FailsWithOneSentence) {
  const ProgramResult result = Run(GetParam().failing);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, MatchesRegex(GetParam().name + ": [^\n]+\n"));
  EXPECT_FALSE(absl::StrContains(result.err, "not-there"));
}

// What a program was seen to ask of the system.
struct Hardening {
  bool no_core = false;
  bool not_dumpable = false;
  // Before both: a file of its arguments.
  bool read_before = false;
};

// Memory of a program that can be looked at still.
template <typename T>
T MemoryAt(pid_t pid, uint64_t address, T otherwise) {
  T value = otherwise;
  iovec here{&value, sizeof value};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): it is another program's.
  iovec there{reinterpret_cast<void*>(address), sizeof value};
  process_vm_readv(pid, &here, 1, &there, 1, 0);
  return value;
}

void Note(pid_t pid, const __ptrace_syscall_info& info, Hardening& seen) {
  const auto& call = info.entry;
  if (call.nr == SYS_prctl && call.args[0] == PR_SET_DUMPABLE &&
      call.args[1] == 0) {
    seen.not_dumpable = true;
    return;
  }
  if (call.nr == SYS_prlimit64 && call.args[1] == RLIMIT_CORE &&
      call.args[2] != 0) {
    const rlimit limit = MemoryAt(pid, call.args[2], rlimit{1, 1});
    seen.no_core = limit.rlim_cur == 0 && limit.rlim_max == 0;
    return;
  }
  // Where a path stands: in stat, and in openat and its like.
  for (const uint64_t argument : {call.args[0], call.args[1]}) {
    const auto text = MemoryAt(pid, argument, std::array<char, 16>{});
    seen.read_before =
        seen.read_before ||
        (!(seen.no_core && seen.not_dumpable) &&
         absl::StrContains(absl::string_view(text.data(), text.size()),
                           kMissing));
  }
}

// Runs a program to its end and looks at its system calls.
Hardening Watch(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  const pid_t pid = fork();
  COMMONWAGE_CHECK(pid >= 0);
  if (pid == 0) {
    close(STDERR_FILENO);
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execv(pointers[0], pointers.data());
    _exit(127);
  }
  int state = 0;
  // It stops at its first instruction.
  COMMONWAGE_CHECK(waitpid(pid, &state, 0) == pid && WIFSTOPPED(state));
  ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  Hardening seen;
  int signal = 0;
  while (true) {
    ptrace(PTRACE_SYSCALL, pid, 0, signal);
    COMMONWAGE_CHECK(waitpid(pid, &state, 0) == pid);
    if (!WIFSTOPPED(state)) {
      return seen;
    }
    const bool at_call = WSTOPSIG(state) == (SIGTRAP | 0x80);
    signal = at_call || WSTOPSIG(state) == SIGTRAP ? 0 : WSTOPSIG(state);
    __ptrace_syscall_info info{};
    if (at_call &&
        ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0 &&
        info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      Note(pid, info, seen);
    }
  }
}

TEST_P(ProgramsTest, ShieldsItsMemoryBeforeItReadsAnything) {
  std::vector<std::string> words = {Path()};
  words.insert(words.end(), GetParam().failing.begin(),
               GetParam().failing.end());
  const Hardening seen = Watch(words);
  EXPECT_TRUE(seen.no_core);
  EXPECT_TRUE(seen.not_dumpable);
  EXPECT_FALSE(seen.read_before);
}

INSTANTIATE_TEST_SUITE_P(
    All, ProgramsTest,
    ::testing::Values(
        ProgramCase{"commonwage",
                    {"recover", "--show", "--wallet", "/not-there/wallet"}},
        ProgramCase{"commonwaged",
                    {"--data", "/not-there/data", "--kek", "/not-there/kek",
                     "--listen", "127.0.0.1:0"}},
        ProgramCase{"commonwage-admin",
                    {"round", "status", "--data", "/not-there/data", "--kek",
                     "/not-there/kek"}},
        ProgramCase{"commonwage-issuer",
                    {"members", "list", "--data", "/not-there/data", "--kek",
                     "/not-there/kek"}},
        ProgramCase{"commonwage-steward", {"plan", "check", "/not-there/plan"}},
        ProgramCase{"commonwage-release-sim",
                    {"--plan", "/not-there/plan", "--records",
                     "/not-there/records", "--runs", "1"}}),
    [](const ::testing::TestParamInfo<ProgramCase>& program) {
      std::string name;
      for (const char c : program.param.name) {
        name += c == '-' ? '_' : c;
      }
      return name;
    });

}  // namespace
}  // namespace commonwage::command
