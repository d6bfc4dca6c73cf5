// SPDX-License-Identifier: Apache-2.0
// Runs one of our programs as a person would, and keeps what it printed.

#ifndef COMMONWAGE_TESTS_COMMAND_RUN_PROGRAM_H_
#define COMMONWAGE_TESTS_COMMAND_RUN_PROGRAM_H_

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/check.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

struct ProgramResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// A program that has been started.
class RunningProgram {
 public:
  RunningProgram(const std::string& program,
                 const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const std::string out = directory_.File("out");
    const std::string err = directory_.File("err");
    process_ = fork();
    COMMONWAGE_CHECK(process_ >= 0);
    if (process_ == 0) {
      constexpr int kMode = 0600;
      dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
      dup2(open(out.c_str(), O_WRONLY | O_CREAT, kMode), STDOUT_FILENO);
      dup2(open(err.c_str(), O_WRONLY | O_CREAT, kMode), STDERR_FILENO);
      execv(program.c_str(), argv.data());
      _exit(127);
    }
  }
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  // Call it once.
  ProgramResult Wait() {
    int status = 0;
    COMMONWAGE_CHECK(waitpid(process_, &status, 0) == process_);
    ProgramResult result;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result.out = FileContents(directory_.File("out")).value_or("");
    result.err = FileContents(directory_.File("err")).value_or("");
    return result;
  }

 private:
  TempDirectory directory_;
  pid_t process_ = -1;
};

inline ProgramResult RunProgram(const std::string& program,
                                const std::vector<std::string>& arguments) {
  return RunningProgram(program, arguments).Wait();
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_COMMAND_RUN_PROGRAM_H_
