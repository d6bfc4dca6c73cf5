// SPDX-License-Identifier: Apache-2.0
// What a running server notes in the catalogue about once a minute.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/catalogue.h"
#include "storage/statement.h"

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

}  // namespace commonwage::storage
