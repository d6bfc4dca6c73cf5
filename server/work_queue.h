// SPDX-License-Identifier: Apache-2.0
// Work that would keep other calls waiting, done elsewhere, and only so much of
// it at once.

#ifndef COMMONWAGE_SERVER_WORK_QUEUE_H_
#define COMMONWAGE_SERVER_WORK_QUEUE_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace commonwage::server {

// Runs tasks in their order on threads of its own. Thread-safe. Destroying it
// does what was taken first.
class WorkQueue {
 public:
  WorkQueue(size_t threads, size_t max_waiting);
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue();

  // Takes `task` and returns true, or returns false if too many wait already.
  [[nodiscard]] bool TryPush(std::function<void()> task);

 private:
  void Loop();

  const size_t max_waiting_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_WORK_QUEUE_H_
