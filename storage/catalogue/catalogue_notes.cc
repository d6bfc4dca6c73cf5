// SPDX-License-Identifier: Apache-2.0
// What is noted in the catalogue of things that it does not decide: by a
// running server about once a minute, and by the operator's commands.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/catalogue/catalogue.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace commonwage::storage {

absl::Status Catalogue::NoteInboxCommits(absl::string_view round_id,
                                         uint64_t commits) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement update,
      database_.Prepare("UPDATE round SET inbox_commits = ?1 "
                        "WHERE round_id = ?2 AND inbox_commits < ?1"));
  return update.BindInt64(1, static_cast<int64_t>(commits))
      .BindText(2, round_id)
      .Run();
}

absl::Status Catalogue::NoteExport(absl::string_view round_id,
                                   absl::string_view digest) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round, GetRound(round_id));
  if (round.exported_digest == digest) {
    return absl::OkStatus();
  }
  if (!round.exported_digest.empty()) {
    return Refusal(Reason::kInboxChanged,
                   "The round's sealed inbox is not the one that was exported "
                   "before, and what is closed does not change. Hand over the "
                   "earlier file, and look for damage with round status.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement update,
      database_.Prepare(
          "UPDATE round SET exported_digest = ? WHERE round_id = ?"));
  COMMONWAGE_RETURN_IF_ERROR(
      update.BindBlob(1, digest).BindText(2, round_id).Run());
  return transaction.Commit();
}

absl::Status Catalogue::NoteTime(absl::Time now) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement note,
      database_.Prepare("INSERT INTO noted_time (one, noted_at) VALUES (1, ?1) "
                        "ON CONFLICT (one) DO UPDATE SET noted_at = ?1"));
  return note.BindInt64(1, absl::ToUnixSeconds(now)).Run();
}

absl::StatusOr<std::optional<absl::Time>> Catalogue::FindNotedTime() {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find, database_.Prepare("SELECT noted_at FROM noted_time"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool noted, find.Step());
  if (!noted) {
    return std::nullopt;
  }
  return absl::FromUnixSeconds(find.Int64(0));
}

absl::StatusOr<int64_t> Catalogue::DataVersion() {
  const MutexLock lock(mutex_);
  return database_.DataVersion();
}

}  // namespace commonwage::storage
