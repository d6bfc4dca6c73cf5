// SPDX-License-Identifier: Apache-2.0
// What a long-running program asks of the operating system.

#ifndef COMMONWAGE_COMMAND_PROCESS_H_
#define COMMONWAGE_COMMAND_PROCESS_H_

namespace commonwage::command {

// Keeps what this process makes away from other accounts. (CommandLine sees to
// its memory.)
void KeepFilesPrivate();

// Holds SIGTERM and SIGINT back, so that they can be waited for, and ignores
// SIGHUP. Make one before the first thread.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals() = default;

  // Returns when one of them has come, at once if one was held back.
  void Wait();
};

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_PROCESS_H_
