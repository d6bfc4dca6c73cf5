// SPDX-License-Identifier: Apache-2.0
#include "server/work_queue.h"

#include <cstddef>
#include <functional>
#include <thread>
#include <utility>

#include "base/mutex.h"

namespace commonwage::server {

WorkQueue::WorkQueue(size_t threads, size_t max_waiting)
    : max_waiting_(max_waiting) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back(&WorkQueue::Loop, this);
  }
}

WorkQueue::~WorkQueue() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool WorkQueue::TryPush(std::function<void()> task) {
  {
    const MutexLock lock(mutex_);
    if (waiting_.size() >= max_waiting_) {
      return false;
    }
    waiting_.push_back(std::move(task));
  }
  changed_.NotifyOne();
  return true;
}

void WorkQueue::Loop() {
  while (true) {
    std::function<void()> task;
    {
      const MutexLock lock(mutex_);
      while (waiting_.empty() && !stopping_) {
        changed_.Wait(mutex_);
      }
      if (waiting_.empty()) {
        return;
      }
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
  }
}

}  // namespace commonwage::server
