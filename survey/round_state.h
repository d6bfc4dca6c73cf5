// SPDX-License-Identifier: Apache-2.0
// Where a round is in its life: the one list of states, for the stores, the
// servers and, with the same numbers, for commonwage.v1.RoundState.

#ifndef COMMONWAGE_SURVEY_ROUND_STATE_H_
#define COMMONWAGE_SURVEY_ROUND_STATE_H_

namespace commonwage {

// A round only moves forward, but for one thing: a release beats a
// cancellation, wherever both are seen. The values are stored and travel: do
// not change them.
enum class RoundState {
  kCreated = 1,    // Imported; takes nothing yet.
  kOpen = 2,       // Takes submissions until closes_at, or an earlier command.
  kClosed = 3,     // Takes no more; waits for its release.
  kPublished = 4,  // The release is here; the inbox is about to go.
  kErased = 5,     // Inbox and key are gone; the release stays.
  kCancelled = 6,  // Called off before a release: answers are destroyed unread.
};

// Whether the round takes submissions, now or later.
constexpr bool MayTake(RoundState state) {
  return state == RoundState::kCreated || state == RoundState::kOpen;
}

// Whether the round's release is here.
constexpr bool HasRelease(RoundState state) {
  return state == RoundState::kPublished || state == RoundState::kErased;
}

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_ROUND_STATE_H_
