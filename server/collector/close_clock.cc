// SPDX-License-Identifier: Apache-2.0
#include "server/collector/close_clock.h"

#include <algorithm>
#include <optional>

#include "absl/time/time.h"

namespace commonwage::server::collector {
namespace {

// Clocks that are set right by the network move by less between two looks.
constexpr absl::Duration kJump = absl::Seconds(10);

}  // namespace

void CloseClock::StartAt(std::optional<absl::Time> noted) {
  now_ = clock_.Now();
  elapsed_ = clock_.Elapsed();
  steady_since_ = elapsed_;
  believed_ = noted.value_or(now_);
}

void CloseClock::Look() {
  if (!believed_.has_value()) {
    StartAt(std::nullopt);
    return;
  }
  const absl::Time now = clock_.Now();
  const absl::Duration elapsed = clock_.Elapsed();
  const absl::Duration passed = elapsed - elapsed_;
  if (now - now_ - passed > kJump) {
    steady_since_ = elapsed;
  }
  now_ = now;
  elapsed_ = elapsed;
  *believed_ += passed;
  if (elapsed_ - steady_since_ >= kDoubtPatience) {
    believed_ = now_;
  } else if (!doubtful()) {
    // Not back at once: a machine may start with a clock that has stood still.
    believed_ = std::max(*believed_, now_);
  }
}

bool CloseClock::doubtful() const {
  return believed_.has_value() && now_ - *believed_ > kDoubtBeyond;
}

absl::Time CloseClock::believed() const { return believed_.value_or(now_); }

bool CloseClock::IsOver(absl::Time closes_at) const {
  // What it showed before the last jump says nothing of the time after it.
  const absl::Duration stood =
      std::min(now_ - closes_at, elapsed_ - steady_since_);
  return !doubtful() && stood >= kCloseAfter;
}

}  // namespace commonwage::server::collector
