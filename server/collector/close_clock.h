// SPDX-License-Identifier: Apache-2.0
// When the clock may close a round for good. A clock that jumps ahead for a
// moment must not: refusing submissions can be taken back, a close cannot.

#ifndef COMMONWAGE_SERVER_COLLECTOR_CLOSE_CLOCK_H_
#define COMMONWAGE_SERVER_COLLECTOR_CLOSE_CLOCK_H_

#include <optional>

#include "absl/time/time.h"

#include "base/clock.h"

namespace commonwage::server::collector {

// How long the clock must have stood past a closing time.
inline constexpr absl::Duration kCloseAfter = absl::Minutes(1);

// A clock this much ahead of the time last noted, and of what has passed since,
// is doubted: it is wrong, or the server was off. It is believed once it has
// not jumped ahead for the patience.
inline constexpr absl::Duration kDoubtBeyond = absl::Hours(1);
inline constexpr absl::Duration kDoubtPatience = absl::Hours(24);

// Holds the wall clock against time that nobody can set. Not thread-safe.
class CloseClock {
 public:
  explicit CloseClock(Clock& clock) : clock_(clock) {}

  // Says what time a server of this data noted last; nullopt if none did.
  void StartAt(std::optional<absl::Time> noted);

  // Looks at the clocks. Call it several times a second.
  void Look();

  // The wall clock when it was last looked at.
  [[nodiscard]] absl::Time now() const { return now_; }

  // Whether it is further ahead than time alone explains. It may be right: the
  // server may have been off.
  [[nodiscard]] bool doubtful() const;

  // Whether it has stood past `closes_at` for long enough.
  [[nodiscard]] bool IsOver(absl::Time closes_at) const;

  // The time to note: what is believed.
  [[nodiscard]] absl::Time believed() const;

 private:
  Clock& clock_;
  absl::Time now_ = absl::InfinitePast();
  absl::Duration elapsed_ = absl::ZeroDuration();
  // Since when, in elapsed time, the wall clock has not jumped ahead.
  absl::Duration steady_since_ = absl::ZeroDuration();
  // What the time is by what was believed before, and when that was so.
  std::optional<absl::Time> believed_;
};

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_CLOSE_CLOCK_H_
