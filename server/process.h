// SPDX-License-Identifier: Apache-2.0
// What a long-running program asks of the operating system.

#ifndef COMMONWAGE_SERVER_PROCESS_H_
#define COMMONWAGE_SERVER_PROCESS_H_

namespace commonwage::server {

// Keeps this process's memory out of core files and away from other processes
// of the same account, and what it writes away from other accounts.
void HardenProcess();

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

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_PROCESS_H_
