// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/guess_limiter.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "base/mutex.h"

namespace commonwage::server::issuer {

GuessLimiter::GuessLimiter(Clock& clock, GuessLimits limits)
    : clock_(clock),
      limits_(limits),
      total_left_(limits.total_burst),
      refilled_at_(clock.Now()),
      hour_began_(clock.Now()) {}

void GuessLimiter::Refill() {
  const absl::Time now = clock_.Now();
  // A clock that was set back refills nothing.
  const double seconds =
      std::max(0.0, absl::ToDoubleSeconds(now - refilled_at_));
  total_left_ = std::min(limits_.total_burst,
                         total_left_ + seconds * limits_.total_per_second);
  refilled_at_ = now;
  if (now - hour_began_ >= absl::Hours(1) || now < hour_began_) {
    wrong_.clear();
    hour_began_ = now;
  }
}

bool GuessLimiter::MayTry(absl::string_view connection) {
  const MutexLock lock(mutex_);
  Refill();
  const auto found = wrong_.find(connection);
  return total_left_ >= 1 &&
         (found == wrong_.end() || found->second < limits_.per_connection);
}

void GuessLimiter::CountWrong(absl::string_view connection) {
  const MutexLock lock(mutex_);
  Refill();
  total_left_ = std::max(0.0, total_left_ - 1);
  if (wrong_.size() >= limits_.max_connections &&
      !wrong_.contains(connection)) {
    wrong_.clear();
  }
  wrong_[std::string(connection)] += 1;
}

}  // namespace commonwage::server::issuer
