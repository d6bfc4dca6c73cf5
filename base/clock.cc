// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <time.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "base/check.h"

namespace commonwage {

absl::Time SystemClock::Now() { return absl::Now(); }

absl::Duration SystemClock::Elapsed() {
  timespec elapsed{};
  // The steady clocks of the libraries stop while the machine sleeps.
  COMMONWAGE_CHECK(clock_gettime(CLOCK_BOOTTIME, &elapsed) == 0);
  return absl::DurationFromTimespec(elapsed);
}

}  // namespace commonwage
