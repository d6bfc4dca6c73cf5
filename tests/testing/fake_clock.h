// SPDX-License-Identifier: Apache-2.0
// A clock that stands still until a test moves it: time passes, or somebody
// sets the clock, which is not the same.

#ifndef COMMONWAGE_TESTS_TESTING_FAKE_CLOCK_H_
#define COMMONWAGE_TESTS_TESTING_FAKE_CLOCK_H_

#include <algorithm>

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

  absl::Duration Elapsed() override {
    const MutexLock lock(mutex_);
    return elapsed_;
  }

  // Time passes until `now`; to an earlier one the clock is set back.
  void Set(absl::Time now) {
    const MutexLock lock(mutex_);
    elapsed_ += std::max(now - now_, absl::ZeroDuration());
    now_ = now;
  }

  void Advance(absl::Duration by) {
    const MutexLock lock(mutex_);
    elapsed_ += by;
    now_ += by;
  }

  // The clock shows another time, and none has passed.
  void Jump(absl::Time now) {
    const MutexLock lock(mutex_);
    now_ = now;
  }

 private:
  Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
  absl::Duration elapsed_ ABSL_GUARDED_BY(mutex_) = absl::Hours(1);
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_FAKE_CLOCK_H_
