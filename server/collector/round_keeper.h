// SPDX-License-Identifier: Apache-2.0
// Keeps the board of rounds true: it notices what commands and the clock do to
// rounds, opens and closes them when their time has come, and records that.

#ifndef COMMONWAGE_SERVER_COLLECTOR_ROUND_KEEPER_H_
#define COMMONWAGE_SERVER_COLLECTOR_ROUND_KEEPER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "base/log.h"
#include "server/collector/close_clock.h"
#include "server/collector/round_board.h"
#include "storage/catalogue/catalogue.h"
#include "storage/inbox/inbox.h"

namespace commonwage::server::collector {

// Opens the inbox of the round named, and with `may_create` makes it and its
// key if they are missing.
using InboxOpener =
    std::function<absl::StatusOr<std::unique_ptr<storage::Inbox>>(
        absl::string_view round_id, bool may_create)>;

// Not thread-safe. What it is made with must outlive it; no other part of this
// process may change the catalogue through the same object.
class RoundKeeper {
 public:
  RoundKeeper(storage::Catalogue& catalogue, InboxOpener open_inbox,
              RoundBoard& board, Clock& clock, Log& log);

  // Brings catalogue, inboxes and board to where they should be now. Cheap if
  // there is nothing to do: call it several times a second.
  //
  // Rounds fail alone: what is wrong with one stands on the board and in the
  // log, it takes nothing, and later calls try again. A round is closed for
  // good once the clock has stood past its closing time (close_clock.h).
  //
  // Fails with the first error of the catalogue, and does the rest.
  absl::Status Refresh();

  // Records in the catalogue how many commits each open inbox has seen; Refresh
  // does so once a minute. Call it last, when no more submissions come.
  absl::Status NoteAges();

 private:
  absl::Status ReloadIfChanged();
  absl::Status LookAtClock();
  [[nodiscard]] bool Waits(const BoardRound& round) const;
  void Keep(BoardRound& round);
  absl::Status Advance(BoardRound& round);
  absl::Status Prepare(BoardRound& round);
  absl::Status OpenInbox(BoardRound& round);
  absl::Status Close(BoardRound& round);
  absl::Status NoteTime();
  void LogChange(const storage::RoundSummary& round);
  void LogFailure(const BoardRound& round);

  storage::Catalogue& catalogue_;
  const InboxOpener open_inbox_;
  RoundBoard& board_;
  CloseClock clock_;
  Log& log_;

  // The catalogue's version that `rounds_` is of; nullopt: read it again.
  std::optional<int64_t> version_;
  std::vector<BoardRound> rounds_;
  absl::flat_hash_map<std::string, storage::RoundState> logged_states_;
  // Why each round took nothing when it was last logged: reasons.
  absl::flat_hash_map<std::string, std::string> logged_failures_;
  bool clock_is_started_ = false;
  bool clock_was_doubtful_ = false;
  absl::Time noted_at_ = absl::InfinitePast();
  // When inboxes that did not open are tried again.
  absl::flat_hash_map<std::string, absl::Time> next_try_;
  bool board_is_stale_ = true;
};

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_ROUND_KEEPER_H_
