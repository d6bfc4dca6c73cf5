// SPDX-License-Identifier: Apache-2.0
// Runs the real programs as a person would, and keeps what they say.

#ifndef COMMONWAGE_TESTS_TESTING_PROGRAM_H_
#define COMMONWAGE_TESTS_TESTING_PROGRAM_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/testing/process_memory.h"

namespace commonwage::testing {

// What a program that has ended left behind.
struct ProgramResult {
  int exit_code = -1;  // 128 + n if signal n ended it.
  std::string out;
  std::string err;
};

// Runs `arguments`, the first of which is the program, with `environment` added
// to ours, and waits for its end. Standard input is empty.
ProgramResult RunProgram(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment = {});

// A program that runs until told to stop. Killed when it goes, and when the
// thread that started it does.
class RunningProgram {
 public:
  // Starts it; its standard error goes to the file `error_path`. With
  // `stop_at_start`, the library of tests/testing/stop_at_start.cc, its memory
  // is opened before its first line runs.
  RunningProgram(const std::vector<std::string>& arguments,
                 const std::string& error_path,
                 const std::vector<std::string>& environment = {},
                 const std::string& stop_at_start = "");
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  ~RunningProgram();

  // Returns the next line of its standard output, or "" if it has ended.
  std::string ReadLine();

  // Sends a signal.
  void Signal(int signal) const;

  // Waits for its end and returns its exit code, as ProgramResult has it.
  int Wait();

  [[nodiscard]] pid_t pid() const { return pid_; }

  // Its memory; only of a program that was stopped at its start.
  [[nodiscard]] const ProcessMemory& memory() const { return *memory_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::unique_ptr<ProcessMemory> memory_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_PROGRAM_H_
