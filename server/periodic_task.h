// SPDX-License-Identifier: Apache-2.0
// Something that a server does again and again beside serving.

#ifndef COMMONWAGE_SERVER_PERIODIC_TASK_H_
#define COMMONWAGE_SERVER_PERIODIC_TASK_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace commonwage::server {

// Runs a task on a thread of its own, each time `interval` has passed since it
// last returned. Destroying this waits for a run under way, and starts none.
class PeriodicTask {
 public:
  PeriodicTask(absl::Duration interval, std::function<void()> task);
  PeriodicTask(const PeriodicTask&) = delete;
  PeriodicTask& operator=(const PeriodicTask&) = delete;
  ~PeriodicTask();

 private:
  void Loop();

  const absl::Duration interval_;
  const std::function<void()> task_;
  // Not our Mutex: waiting with a time limit needs the bare one.
  std::mutex mutex_;
  std::condition_variable condition_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_PERIODIC_TASK_H_
