// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "tests/testing/process_memory.h"

extern char** environ;

namespace commonwage::testing {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe MakePipe() {
  std::array<int, 2> ends{};
  COMMONWAGE_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0);
  return {ends[0], ends[1]};
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// Starts a program with the given standard output and error.
pid_t Spawn(std::vector<std::string> arguments,
            std::vector<std::string> environment, int out, int err) {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  posix_spawn_file_actions_t actions;
  COMMONWAGE_CHECK(posix_spawn_file_actions_init(&actions) == 0);
  COMMONWAGE_CHECK(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
                                                    O_RDONLY, 0) == 0);
  COMMONWAGE_CHECK(posix_spawn_file_actions_adddup2(&actions, out, 1) == 0);
  COMMONWAGE_CHECK(posix_spawn_file_actions_adddup2(&actions, err, 2) == 0);
  pid_t pid = -1;
  const int failed =
      posix_spawnp(&pid, arguments.front().c_str(), &actions, nullptr,
                   Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  COMMONWAGE_CHECK(failed == 0);
  return pid;
}

int ExitCodeOf(pid_t pid) {
  int state = 0;
  COMMONWAGE_CHECK(waitpid(pid, &state, 0) == pid);
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

// Appends what is there; false at the end.
bool ReadSome(int descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t length = read(descriptor, buffer.data(), buffer.size());
  if (length > 0) {
    text.append(buffer.data(), static_cast<size_t>(length));
  }
  return length > 0;
}

}  // namespace

ProgramResult RunProgram(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment) {
  const Pipe out = MakePipe();
  const Pipe err = MakePipe();
  const pid_t pid = Spawn(arguments, environment, out.write_end, err.write_end);
  close(out.write_end);
  close(err.write_end);
  ProgramResult result;
  std::array<pollfd, 2> waiting{
      {{out.read_end, POLLIN, 0}, {err.read_end, POLLIN, 0}}};
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    COMMONWAGE_CHECK(poll(waiting.data(), waiting.size(), -1) > 0);
    if (waiting[0].revents != 0 && !ReadSome(out.read_end, result.out)) {
      waiting[0].fd = -1;
    }
    if (waiting[1].revents != 0 && !ReadSome(err.read_end, result.err)) {
      waiting[1].fd = -1;
    }
  }
  close(out.read_end);
  close(err.read_end);
  result.exit_code = ExitCodeOf(pid);
  return result;
}

RunningProgram::RunningProgram(const std::vector<std::string>& arguments,
                               const std::string& error_path,
                               const std::vector<std::string>& environment,
                               const std::string& stop_at_start) {
  const Pipe out = MakePipe();
  const int err =
      open(error_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  COMMONWAGE_CHECK(err >= 0);
  // It ends with the test, however that ends.
  std::vector<std::string> wrapped = {"setpriv", "--pdeathsig", "KILL"};
  if (!stop_at_start.empty()) {
    // Not by our own environment: setpriv would stop as well.
    wrapped.insert(wrapped.end(),
                   {"env", absl::StrCat("LD_PRELOAD=", stop_at_start)});
  }
  wrapped.insert(wrapped.end(), arguments.begin(), arguments.end());
  pid_ = Spawn(wrapped, environment, out.write_end, err);
  close(out.write_end);
  close(err);
  output_ = out.read_end;
  if (!stop_at_start.empty()) {
    int state = 0;
    COMMONWAGE_CHECK(waitpid(pid_, &state, WUNTRACED) == pid_ &&
                     WIFSTOPPED(state));
    memory_ = std::make_unique<ProcessMemory>(pid_);
    Signal(SIGCONT);
  }
}

RunningProgram::~RunningProgram() {
  if (pid_ > 0) {
    Signal(SIGKILL);
    Wait();
  }
  close(output_);
}

std::string RunningProgram::ReadLine() {
  std::string line;
  char character = 0;
  while (read(output_, &character, 1) == 1) {
    if (character == '\n') {
      return line;
    }
    line += character;
  }
  return line;
}

void RunningProgram::Signal(int signal) const {
  if (pid_ > 0) {
    kill(pid_, signal);
  }
}

int RunningProgram::Wait() {
  const int code = ExitCodeOf(pid_);
  pid_ = -1;
  return code;
}

}  // namespace commonwage::testing
