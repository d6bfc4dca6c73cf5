// SPDX-License-Identifier: Apache-2.0
// std::mutex with clang's thread-safety annotations. Not absl::Mutex: Debian's
// abseil is not instrumented, and ThreadSanitizer raises false alarms there.

#ifndef COMMONWAGE_BASE_MUTEX_H_
#define COMMONWAGE_BASE_MUTEX_H_

#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace commonwage {

// A mutual exclusion lock. Use MutexLock, not Lock and Unlock.
class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Holds a Mutex for the length of a scope.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex)
      : mutex_(mutex) {
    mutex_.Lock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }

 private:
  Mutex& mutex_;
};

// Waits for a condition that a Mutex guards.
class CondVar {
 public:
  // Releases `mutex`, which the caller holds, waits for a notification, and
  // holds it again. May wake for no reason: call it in a loop.
  void Wait(Mutex& mutex) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
    condition_.wait(held);
    // The caller's MutexLock unlocks it.
    held.release();
  }
  // The same for `limit` at most. Returns false if it waited that long.
  bool WaitFor(Mutex& mutex, absl::Duration limit)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
    const std::cv_status woken =
        condition_.wait_for(held, absl::ToChronoNanoseconds(limit));
    held.release();
    return woken == std::cv_status::no_timeout;
  }
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_MUTEX_H_
