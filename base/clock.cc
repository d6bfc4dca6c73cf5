// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace commonwage {

absl::Time SystemClock::Now() { return absl::Now(); }

}  // namespace commonwage
