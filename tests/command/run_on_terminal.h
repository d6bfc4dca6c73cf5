// SPDX-License-Identifier: Apache-2.0
// Runs one of our programs for somebody who sits at a terminal and types.

#ifndef COMMONWAGE_TESTS_COMMAND_RUN_ON_TERMINAL_H_
#define COMMONWAGE_TESTS_COMMAND_RUN_ON_TERMINAL_H_

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/check.h"
#include "tests/command/run_program.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

// As RunProgram, but standard input is a terminal at which `typed` is typed.
inline ProgramResult RunOnTerminal(const std::string& program,
                                   const std::vector<std::string>& arguments,
                                   const std::string& typed) {
  const int keyboard = posix_openpt(O_RDWR | O_NOCTTY);
  COMMONWAGE_CHECK(keyboard >= 0 && grantpt(keyboard) == 0 &&
                   unlockpt(keyboard) == 0);
  const std::string terminal = ptsname(keyboard);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const TempDirectory directory;
  const std::string out = directory.File("out");
  const std::string err = directory.File("err");
  const pid_t process = fork();
  COMMONWAGE_CHECK(process >= 0);
  if (process == 0) {
    constexpr int kMode = 0600;
    dup2(open(terminal.c_str(), O_RDWR | O_NOCTTY), STDIN_FILENO);
    dup2(open(out.c_str(), O_WRONLY | O_CREAT, kMode), STDOUT_FILENO);
    dup2(open(err.c_str(), O_WRONLY | O_CREAT, kMode), STDERR_FILENO);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  COMMONWAGE_CHECK(write(keyboard, typed.data(), typed.size()) ==
                   static_cast<ssize_t>(typed.size()));
  int status = 0;
  COMMONWAGE_CHECK(waitpid(process, &status, 0) == process);
  close(keyboard);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          FileContents(out).value_or(""), FileContents(err).value_or("")};
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_COMMAND_RUN_ON_TERMINAL_H_
