// SPDX-License-Identifier: Apache-2.0
// The memory of another process. One that has closed itself to debuggers can
// still be read by root, and by whoever opened it before it did so: programs
// that must be read are started with RunningProgram's `watch_memory`.

#ifndef COMMONWAGE_TESTS_TESTING_PROCESS_MEMORY_H_
#define COMMONWAGE_TESTS_TESTING_PROCESS_MEMORY_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>

#include "absl/strings/string_view.h"

namespace commonwage::testing {

// Open descriptors of /proc/PID/mem and /proc/PID/maps. Not core files, which
// leave out the pages where secrets are kept.
class ProcessMemory {
 public:
  // Aborts if the process may not be read.
  explicit ProcessMemory(pid_t pid);
  ProcessMemory(const ProcessMemory&) = delete;
  ProcessMemory& operator=(const ProcessMemory&) = delete;
  ~ProcessMemory();

  // Calls `visit` with all that is mapped, also what the process has closed to
  // itself, in pieces that overlap by `overlap` bytes; leaves out pieces that
  // are all zero. Returns how many bytes that was. Aborts if it was less than a
  // megabyte: a process has at least its code and its stack, so nothing would
  // have been read.
  uint64_t Visit(size_t overlap,
                 const std::function<void(absl::string_view)>& visit) const;

 private:
  int memory_ = -1;
  int maps_ = -1;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_PROCESS_MEMORY_H_
