// SPDX-License-Identifier: Apache-2.0
// A clock that stands still until a test moves it.

#ifndef COMMONWAGE_TESTS_TESTING_FAKE_CLOCK_H_
#define COMMONWAGE_TESTS_TESTING_FAKE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "base/mutex.h"

namespace commonwage::testing {

// Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() override {
    const MutexLock lock(mutex_);
    return now_;
  }

  void Set(absl::Time now) {
    const MutexLock lock(mutex_);
    now_ = now;
  }

  void Advance(absl::Duration by) {
    const MutexLock lock(mutex_);
    now_ += by;
  }

 private:
  Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_FAKE_CLOCK_H_
