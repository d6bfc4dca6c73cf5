// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/traced_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"

namespace commonwage::testing {
namespace {

// Which arguments of a system call name files: descriptors, and paths.
struct FileCall {
  uint64_t number;
  std::vector<size_t> descriptors;
  std::vector<size_t> paths;
};

std::vector<FileCall> FileCalls() {
  return {
      {SYS_openat, {0}, {1}},
      {SYS_write, {0}, {}},
      {SYS_writev, {0}, {}},
      {SYS_pwrite64, {0}, {}},
      {SYS_fsync, {0}, {}},
      {SYS_fdatasync, {0}, {}},
      {SYS_syncfs, {0}, {}},
      {SYS_fchmod, {0}, {}},
      {SYS_ftruncate, {0}, {}},
      {SYS_mkdirat, {0}, {1}},
      {SYS_unlinkat, {0}, {1}},
      {SYS_linkat, {0, 2}, {1, 3}},
      {SYS_renameat2, {0, 2}, {1, 3}},
      {SYS_renameat, {0, 2}, {1, 3}},
#ifdef SYS_open
      {SYS_open, {}, {0}},
      {SYS_mkdir, {}, {0}},
      {SYS_rmdir, {}, {0}},
      {SYS_unlink, {}, {0}},
      {SYS_rename, {}, {0, 1}},
      {SYS_link, {}, {0, 1}},
#endif
  };
}

std::string PathOf(pid_t pid, int descriptor) {
  std::array<char, 4096> path{};
  const ssize_t length =
      readlink(absl::StrCat("/proc/", pid, "/fd/", descriptor).c_str(),
               path.data(), path.size());
  return std::string(path.data(),
                     static_cast<size_t>(std::max<ssize_t>(length, 0)));
}

// A string in the memory of the program, up to the end of its page.
std::string TextAt(pid_t pid, uint64_t address) {
  std::string text(4096 - address % 4096, '\0');
  iovec here{text.data(), text.size()};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): it is another program's.
  iovec there{reinterpret_cast<void*>(address), text.size()};
  const ssize_t length = process_vm_readv(pid, &here, 1, &there, 1, 0);
  text.resize(static_cast<size_t>(std::max<ssize_t>(length, 0)));
  return text.substr(0, text.find('\0'));
}

// Whether a call opens a file only to look into it.
bool IsLook(const __ptrace_syscall_info& info) {
  constexpr uint64_t kChanging = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
#ifdef SYS_open
  if (info.entry.nr == SYS_open) {
    return (info.entry.args[1] & kChanging) == 0;
  }
#endif
  return info.entry.nr == SYS_openat && (info.entry.args[2] & kChanging) == 0;
}

// Whether the program is just entering such a call.
bool EntersCallOn(pid_t pid, const std::string& marker) {
  __ptrace_syscall_info info{};
  if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0 ||
      info.op != PTRACE_SYSCALL_INFO_ENTRY || IsLook(info)) {
    return false;
  }
  const std::vector<FileCall> calls = FileCalls();
  const auto call = std::find_if(
      calls.begin(), calls.end(),
      [&](const FileCall& known) { return known.number == info.entry.nr; });
  if (call == calls.end()) {
    return false;
  }
  return std::any_of(call->descriptors.begin(), call->descriptors.end(),
                     [&](size_t at) {
                       return absl::StrContains(
                           PathOf(pid, static_cast<int>(info.entry.args[at])),
                           marker);
                     }) ||
         std::any_of(call->paths.begin(), call->paths.end(), [&](size_t at) {
           return absl::StrContains(TextAt(pid, info.entry.args[at]), marker);
         });
}

// In the child: becomes the program. Allocates nothing.
[[noreturn]] void Become(char* const* arguments) {
  const int nothing = open("/dev/null", O_RDWR);
  for (const int stream : {0, 1, 2}) {
    dup2(nothing, stream);
  }
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  execv(arguments[0], arguments);
  _exit(127);
}

pid_t Start(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  const pid_t pid = fork();
  COMMONWAGE_CHECK(pid >= 0);
  if (pid == 0) {
    Become(pointers.data());
  }
  return pid;
}

}  // namespace

TracedResult RunAndKillAtCall(const std::vector<std::string>& arguments,
                              const std::string& marker, int call) {
  const pid_t pid = Start(arguments);
  int state = 0;
  // It stops at its first instruction.
  COMMONWAGE_CHECK(waitpid(pid, &state, 0) == pid && WIFSTOPPED(state));
  ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  TracedResult result;
  int seen = 0;
  int signal = 0;
  while (true) {
    ptrace(PTRACE_SYSCALL, pid, 0, signal);
    COMMONWAGE_CHECK(waitpid(pid, &state, 0) == pid);
    if (!WIFSTOPPED(state)) {
      result.exit_code =
          WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
      return result;
    }
    const bool at_call = WSTOPSIG(state) == (SIGTRAP | 0x80);
    signal = at_call || WSTOPSIG(state) == SIGTRAP ? 0 : WSTOPSIG(state);
    if (at_call && EntersCallOn(pid, marker) && ++seen == call) {
      result.killed = true;
      kill(pid, SIGKILL);
    }
  }
}

}  // namespace commonwage::testing
