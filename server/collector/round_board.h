// SPDX-License-Identifier: Apache-2.0
// The rounds of this server as the calls see them: a table that is replaced
// whole when anything changes, so that no call waits for a store to learn of a
// round.

#ifndef COMMONWAGE_SERVER_COLLECTOR_ROUND_BOARD_H_
#define COMMONWAGE_SERVER_COLLECTOR_ROUND_BOARD_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/mutex.h"
#include "crypto/blind/blind_rsa.h"
#include "storage/catalogue/catalogue.h"
#include "storage/inbox/inbox.h"
#include "survey/frame.h"
#include "survey/manifest.h"

namespace commonwage::server::collector {

// What a submission is checked against. There only until the round closes.
struct RoundTerms {
  RoundKeyId round_key_id;
  // Set if admission is by credential.
  std::optional<crypto::BlindRsaPublicKey> issuer_key;
};

// A round of this server.
struct BoardRound {
  storage::RoundSummary summary;
  // Both null from the close on, and while the round is set aside.
  std::shared_ptr<const RoundTerms> terms;
  std::shared_ptr<storage::Inbox> inbox;
  // Why it takes nothing although its time is there; OK if nothing is wrong.
  absl::Status failure;
};

// Returns the state of the round at `now`: by its times, unless a command or
// the record is ahead of them.
storage::RoundState StateAt(const storage::RoundSummary& round, absl::Time now);

// All rounds at one moment. Immutable.
class RoundTable {
 public:
  // No rounds.
  RoundTable() = default;
  explicit RoundTable(std::vector<BoardRound> rounds);

  // Identifiers, the newest first (survey/round_order.h).
  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }

  // Return the round, valid while the table is, or null.
  [[nodiscard]] const BoardRound* Find(const ManifestHash& manifest_hash) const;
  [[nodiscard]] const BoardRound* Find(absl::string_view id) const;
  [[nodiscard]] const std::vector<BoardRound>& rounds() const {
    return rounds_;
  }

 private:
  std::vector<BoardRound> rounds_;
  std::vector<std::string> ids_;
  absl::flat_hash_map<ManifestHash, size_t> by_hash_;
  absl::flat_hash_map<std::string, size_t> by_id_;
};

// The current table. Thread-safe.
class RoundBoard {
 public:
  [[nodiscard]] std::shared_ptr<const RoundTable> Get() const;
  void Set(std::shared_ptr<const RoundTable> table);

  // Lets every inbox refuse what waits (storage/inbox/inbox.h).
  void GiveUp() const;

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const RoundTable> table_ ABSL_GUARDED_BY(mutex_) =
      std::make_shared<const RoundTable>();
};

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_ROUND_BOARD_H_
