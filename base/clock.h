// SPDX-License-Identifier: Apache-2.0
// Time comes in through a constructor, so that tests own it.

#ifndef COMMONWAGE_BASE_CLOCK_H_
#define COMMONWAGE_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace commonwage {

// A source of the current time. Implementations are thread-safe.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  // Returns the current time.
  virtual absl::Time Now() = 0;

  // Returns the time since some moment before this process, asleep or awake.
  // Nobody can set it: what it gains between two calls has passed.
  virtual absl::Duration Elapsed() = 0;
};

// The system's wall clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() override;
  absl::Duration Elapsed() override;
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_CLOCK_H_
