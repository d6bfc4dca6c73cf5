// SPDX-License-Identifier: Apache-2.0
#include "storage/inbox/inbox_rows.h"

#include <array>
#include <utility>

#include "absl/strings/string_view.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/derive.h"
#include "storage/inbox/inbox_check.h"
#include "storage/inbox/inbox_schema.h"
#include "storage/inbox/inbox_shuffle.h"
#include "storage/migrations.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace commonwage::storage {
namespace {

// The key of the root is derived from the inbox's own.
constexpr absl::string_view kRowKeyLabel = "commonwage/v1/inbox-root-key";

// What a batch works on at most; enough for the index of a million rows.
constexpr int64_t kCacheBytes = int64_t{64} << 20U;

enum class Table { kNewest, kSettled, kWithdrawn };

// A number that sorts as the pseudonym does. An index over these is a third of
// one over whole pseudonyms, and it is the index that slows large rounds down.
int64_t PrefixOf(const Pseudonym& pseudonym) {
  constexpr uint64_t kSignBit = uint64_t{1} << 63U;
  return static_cast<int64_t>(
      ByteReader(pseudonym.view()).ReadUint64().value_or(0) ^ kSignBit);
}

InboxRow RowOf(const NewSubmission& submission) {
  return {.pseudonym = submission.pseudonym,
          .sequence = submission.sequence,
          .frame_digest = submission.frame_digest,
          .withdrawn = submission.operation == Operation::kWithdraw};
}

}  // namespace

struct InboxRows::State {
  bool closed = false;
  int64_t newest_rows = 0;
  InboxRoot root;
  int64_t commits = 0;
};

struct InboxRows::Place {
  Table table = Table::kNewest;
  int64_t rowid = 0;
  InboxRow row;
};

struct InboxRows::Statements {
  Statement read_state;
  Statement write_state;
  Statement find;
  Statement insert;
  Statement replace_newest;
  Statement replace_settled;
  Statement delete_newest;
  Statement delete_settled;
  Statement insert_withdrawn;

  static absl::StatusOr<std::unique_ptr<Statements>> Prepare(
      Database& database);
};

absl::StatusOr<std::unique_ptr<InboxRows::Statements>>
InboxRows::Statements::Prepare(Database& database) {
  constexpr std::array<absl::string_view, 9> kSql = {
      "SELECT closed, newest_rows, root, commits FROM inbox",
      "UPDATE inbox SET closed = ?, newest_rows = ?, root = ?, commits = ?",
      // Table, rowid, and what ReadInboxRow reads.
      "SELECT 0, rowid, pseudonym, sequence, frame_digest FROM newest "
      "WHERE prefix = ?2 AND pseudonym = ?1 UNION ALL "
      "SELECT 1, rowid, pseudonym, sequence, frame_digest FROM settled "
      "WHERE prefix = ?2 AND pseudonym = ?1 UNION ALL "
      "SELECT 2, 0, pseudonym, sequence, frame_digest FROM withdrawn "
      "WHERE pseudonym = ?1 LIMIT 1",
      "INSERT INTO newest (pseudonym, prefix, sequence, frame_digest, frame) "
      "VALUES (?, ?, ?, ?, ?)",
      "UPDATE newest SET sequence = ?, frame_digest = ?, frame = ? "
      "WHERE rowid = ?",
      "UPDATE settled SET sequence = ?, frame_digest = ?, frame = ? "
      "WHERE rowid = ?",
      "DELETE FROM newest WHERE rowid = ?",
      "DELETE FROM settled WHERE rowid = ?",
      "INSERT INTO withdrawn (pseudonym, sequence, frame_digest) "
      "VALUES (?, ?, ?)"};
  std::vector<Statement> prepared;
  for (const absl::string_view sql : kSql) {
    COMMONWAGE_ASSIGN_OR_RETURN(Statement statement, database.Prepare(sql));
    prepared.push_back(std::move(statement));
  }
  return std::make_unique<Statements>(Statements{
      std::move(prepared[0]), std::move(prepared[1]), std::move(prepared[2]),
      std::move(prepared[3]), std::move(prepared[4]), std::move(prepared[5]),
      std::move(prepared[6]), std::move(prepared[7]), std::move(prepared[8])});
}

InboxRows::InboxRows(Database database, std::unique_ptr<Statements> statements,
                     const crypto::Secret<32>& row_key)
    : database_(std::move(database)),
      statements_(std::move(statements)),
      sum_(row_key) {}

InboxRows::InboxRows(InboxRows&& other) noexcept = default;
InboxRows::~InboxRows() = default;

absl::StatusOr<InboxRows> InboxRows::Open(const std::filesystem::path& path,
                                          const crypto::Secret<32>& key,
                                          const OpenOptions& options) {
  OpenOptions with_cache = options;
  with_cache.cache_bytes = kCacheBytes;
  COMMONWAGE_ASSIGN_OR_RETURN(Database database,
                              Database::Open(path, key, with_cache));
  COMMONWAGE_RETURN_IF_ERROR(Migrate(database, kInboxSchema));
  COMMONWAGE_ASSIGN_OR_RETURN(std::unique_ptr<Statements> statements,
                              Statements::Prepare(database));
  InboxRows rows(std::move(database), std::move(statements),
                 crypto::Derive(key, kRowKeyLabel, ""));
  COMMONWAGE_RETURN_IF_ERROR(rows.CheckRoot());
  // The last settling may have crashed before it emptied the log.
  rows.log_holds_order_ = true;
  static_cast<void>(rows.EmptyLog());
  return rows;
}

absl::StatusOr<InboxRows::State> InboxRows::ReadState() {
  Statement& read = statements_->read_state;
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row, read.Step());
  if (!row) {
    return InboxAltered();
  }
  State state{.closed = read.Int64(0) != 0,
              .newest_rows = read.Int64(1),
              .root = InboxRoot::From(read.Blob(2)).value_or(InboxRoot()),
              .commits = read.Int64(3)};
  read.Reset();
  return state;
}

absl::Status InboxRows::WriteState(const State& state) {
  return statements_->write_state.BindInt64(1, state.closed ? 1 : 0)
      .BindInt64(2, state.newest_rows)
      .BindBlob(3, state.root.view())
      .BindInt64(4, state.commits)
      .Run();
}

absl::StatusOr<std::optional<InboxRows::Place>> InboxRows::Find(
    const Pseudonym& pseudonym) {
  Statement& find = statements_->find;
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              find.BindBlob(1, pseudonym.view())
                                  .BindInt64(2, PrefixOf(pseudonym))
                                  .Step());
  if (!found) {
    return std::nullopt;
  }
  const auto table = static_cast<Table>(find.Int64(0));
  Place place{.table = table,
              .rowid = find.Int64(1),
              .row = ReadInboxRow(find, 2, table == Table::kWithdrawn)};
  find.Reset();
  return place;
}

absl::StatusOr<Acceptance> InboxRows::Insert(const NewSubmission& submission,
                                             State& state) {
  COMMONWAGE_RETURN_IF_ERROR(
      statements_->insert.BindBlob(1, submission.pseudonym.view())
          .BindInt64(2, PrefixOf(submission.pseudonym))
          .BindInt64(3, static_cast<int64_t>(submission.sequence))
          .BindBlob(4, submission.frame_digest.view())
          .BindBlob(5, submission.frame)
          .Run());
  sum_.Add(RowOf(submission));
  ++state.newest_rows;
  return Acceptance::kStored;
}

absl::StatusOr<Acceptance> InboxRows::Supersede(const NewSubmission& submission,
                                                const Place& place,
                                                State& state) {
  const bool is_newest = place.table == Table::kNewest;
  if (submission.operation == Operation::kWithdraw) {
    Statement& remove =
        is_newest ? statements_->delete_newest : statements_->delete_settled;
    // secure_delete overwrites the sealed answer.
    COMMONWAGE_RETURN_IF_ERROR(remove.BindInt64(1, place.rowid).Run());
    COMMONWAGE_RETURN_IF_ERROR(
        statements_->insert_withdrawn.BindBlob(1, submission.pseudonym.view())
            .BindInt64(2, static_cast<int64_t>(submission.sequence))
            .BindBlob(3, submission.frame_digest.view())
            .Run());
    state.newest_rows -= is_newest ? 1 : 0;
  } else {
    Statement& replace =
        is_newest ? statements_->replace_newest : statements_->replace_settled;
    COMMONWAGE_RETURN_IF_ERROR(
        replace.BindInt64(1, static_cast<int64_t>(submission.sequence))
            .BindBlob(2, submission.frame_digest.view())
            .BindBlob(3, submission.frame)
            .BindInt64(4, place.rowid)
            .Run());
  }
  sum_.Remove(place.row);
  sum_.Add(RowOf(submission));
  return Acceptance::kStored;
}

absl::StatusOr<Acceptance> InboxRows::ApplyOne(const NewSubmission& submission,
                                               State& state) {
  if (state.closed) {
    return Acceptance::kClosed;
  }
  const bool is_first = submission.operation == Operation::kSubmit;
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<Place> place,
                              Find(submission.pseudonym));
  if (!place.has_value()) {
    return is_first ? Insert(submission, state) : Acceptance::kNothingToAmend;
  }
  const InboxRow& row = place->row;
  if (row.frame_digest == submission.frame_digest) {
    return Acceptance::kAlreadyStored;
  }
  if (row.withdrawn) {
    return Acceptance::kWithdrawn;
  }
  if (is_first && row.sequence == submission.sequence) {
    return Acceptance::kConflict;
  }
  if (submission.sequence <= row.sequence) {
    return Acceptance::kOlderSequence;
  }
  return Supersede(submission, *place, state);
}

absl::StatusOr<std::vector<Acceptance>> InboxRows::Apply(
    absl::Span<const NewSubmission> batch) {
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(State state, ReadState());
  const InboxRoot before = state.root;
  sum_.Set(before);
  std::vector<Acceptance> results;
  results.reserve(batch.size());
  for (const NewSubmission& submission : batch) {
    COMMONWAGE_ASSIGN_OR_RETURN(const Acceptance result,
                                ApplyOne(submission, state));
    results.push_back(result);
  }
  state.root = sum_.root();
  if (state.root != before) {
    ++state.commits;
    COMMONWAGE_RETURN_IF_ERROR(WriteState(state));
  }
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return results;
}

absl::Status InboxRows::ShuffleIfFull(RandomSource& random, bool others_wait) {
  if (log_holds_order_) {
    COMMONWAGE_RETURN_IF_ERROR(EmptyLog());
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t settled_rows,
      database_.QueryInt64("SELECT coalesce(max(rowid), 0) FROM settled"));
  COMMONWAGE_ASSIGN_OR_RETURN(State state, ReadState());
  if (state.closed ||
      state.newest_rows < SegmentLimit(settled_rows, others_wait)) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(state, ReadState());
  COMMONWAGE_RETURN_IF_ERROR(ShuffleRows(database_, random));
  state.newest_rows = 0;
  COMMONWAGE_RETURN_IF_ERROR(WriteState(state));
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  log_holds_order_ = true;
  return EmptyLog();
}

absl::Status InboxRows::EmptyLog() {
  // Submissions do not wait for somebody who reads; this is tried again soon.
  COMMONWAGE_RETURN_IF_ERROR(
      database_.CheckpointTruncate(absl::ZeroDuration()));
  log_holds_order_ = false;
  return absl::OkStatus();
}

absl::Status InboxRows::RemoveTombstones() {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement select,
      database_.Prepare(
          "SELECT pseudonym, sequence, frame_digest FROM withdrawn"));
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) {
      break;
    }
    sum_.Remove(ReadInboxRow(select, 0, /*withdrawn=*/true));
  }
  return database_.Execute("DELETE FROM withdrawn");
}

absl::StatusOr<InboxRoot> InboxRows::Close(RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(State state, ReadState());
  if (state.closed) {
    return state.root;
  }
  COMMONWAGE_RETURN_IF_ERROR(ShuffleRows(database_, random));
  sum_.Set(state.root);
  COMMONWAGE_RETURN_IF_ERROR(RemoveTombstones());
  state.closed = true;
  state.newest_rows = 0;
  state.root = sum_.root();
  ++state.commits;
  COMMONWAGE_RETURN_IF_ERROR(WriteState(state));
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  // If a server that has the inbox open is in the way, the next opening does
  // it.
  static_cast<void>(EmptyLog());
  return state.root;
}

absl::StatusOr<bool> InboxRows::IsClosed() {
  COMMONWAGE_ASSIGN_OR_RETURN(const State state, ReadState());
  return state.closed;
}

absl::StatusOr<uint64_t> InboxRows::CountFrames() {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t count,
      database_.QueryInt64("SELECT (SELECT count(*) FROM newest) + "
                           "(SELECT count(*) FROM settled)"));
  return static_cast<uint64_t>(count);
}

absl::StatusOr<uint64_t> InboxRows::CountCommits() {
  COMMONWAGE_ASSIGN_OR_RETURN(const State state, ReadState());
  return static_cast<uint64_t>(state.commits);
}

absl::Status InboxRows::CheckRoot() {
  COMMONWAGE_ASSIGN_OR_RETURN(const Transaction transaction,
                              Transaction::BeginRead(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const State state, ReadState());
  COMMONWAGE_RETURN_IF_ERROR(SumInboxRows(database_, sum_));
  return sum_.root() == state.root ? absl::OkStatus() : InboxAltered();
}

absl::Status InboxRows::Export(const InboxRoot& closed_root,
                               Inbox::VisitFrame visit) {
  COMMONWAGE_ASSIGN_OR_RETURN(const bool closed, IsClosed());
  if (!closed) {
    return Refusal(Reason::kRoundNotClosed,
                   "The round is not closed yet; close it first.");
  }
  COMMONWAGE_RETURN_IF_ERROR(VisitSettledFrames(database_, sum_, visit));
  return sum_.root() == closed_root ? absl::OkStatus() : InboxAltered();
}

}  // namespace commonwage::storage
