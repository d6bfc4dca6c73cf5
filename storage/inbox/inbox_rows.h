// SPDX-License-Identifier: Apache-2.0
// The rows of an inbox and the rules for them: what the SQLCipher inbox does,
// one batch at a time and without threads.

#ifndef COMMONWAGE_STORAGE_INBOX_INBOX_ROWS_H_
#define COMMONWAGE_STORAGE_INBOX_INBOX_ROWS_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "base/random_source.h"
#include "crypto/secret.h"
#include "storage/database.h"
#include "storage/inbox/inbox.h"
#include "storage/inbox/inbox_root.h"

namespace commonwage::storage {

// The rows of one open inbox. Not thread-safe. See storage/inbox/inbox.h for
// what the calls mean.
class InboxRows {
 public:
  // See OpenSqlcipherInbox.
  static absl::StatusOr<InboxRows> Open(const std::filesystem::path& path,
                                        const crypto::Secret<32>& key,
                                        const OpenOptions& options);

  InboxRows(InboxRows&& other) noexcept;
  InboxRows& operator=(InboxRows&&) = delete;
  InboxRows(const InboxRows&) = delete;
  InboxRows& operator=(const InboxRows&) = delete;
  ~InboxRows();

  // Applies all of `batch` in order, in one transaction, and returns what
  // became of each. If it fails nothing was changed.
  absl::StatusOr<std::vector<Acceptance>> Apply(
      absl::Span<const NewSubmission> batch);

  // Shuffles the newest segment among the others if it is full
  // (inbox_shuffle.h; `others_wait` to be applied) and empties the log. If it
  // fails nothing was changed, and later is as good.
  absl::Status ShuffleIfFull(RandomSource& random, bool others_wait);

  absl::StatusOr<InboxRoot> Close(RandomSource& random);
  absl::StatusOr<bool> IsClosed();
  absl::StatusOr<uint64_t> CountFrames();
  absl::StatusOr<uint64_t> CountCommits();
  [[nodiscard]] const std::vector<FilePlace>& places() const {
    return database_.places();
  }
  absl::Status Export(const InboxRoot& closed_root, Inbox::VisitFrame visit);

 private:
  // The one row of the table `inbox`.
  struct State;
  // Where a pseudonym's row is, and what the root knows of it.
  struct Place;
  // The statements that every batch runs, compiled once.
  struct Statements;

  InboxRows(Database database, std::unique_ptr<Statements> statements,
            const crypto::Secret<32>& row_key);

  absl::StatusOr<State> ReadState();
  absl::Status WriteState(const State& state);
  absl::StatusOr<std::optional<Place>> Find(const Pseudonym& pseudonym);
  absl::StatusOr<Acceptance> ApplyOne(const NewSubmission& submission,
                                      State& state);
  absl::StatusOr<Acceptance> Insert(const NewSubmission& submission,
                                    State& state);
  absl::StatusOr<Acceptance> Supersede(const NewSubmission& submission,
                                       const Place& place, State& state);
  absl::Status RemoveTombstones();
  absl::Status CheckRoot();
  absl::Status EmptyLog();

  Database database_;
  std::unique_ptr<Statements> statements_;
  InboxRootSum sum_;
  // The log may have pages in their order of arrival.
  bool log_holds_order_ = false;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_INBOX_INBOX_ROWS_H_
