// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite_status.h"

#include <cerrno>

#include <sqlcipher/sqlite3.h>

#include "base/error.h"

namespace commonwage::storage {
namespace {

using absl::StatusCode;

constexpr int kPrimaryCodeMask = 0xff;

absl::Status DiskFull() {
  return Refusal(StatusCode::kResourceExhausted, "DISK_FULL",
                 "The disk is full; free some space and try again.");
}

absl::Status DiskFailed(int system_errno) {
  if (system_errno == ENOSPC || system_errno == EDQUOT) {
    return DiskFull();
  }
  return Refusal(StatusCode::kUnavailable, "DISK_FAILED",
                 "The disk did not read or write as asked; look into the "
                 "system's log, then try again.");
}

}  // namespace

absl::Status StatusOfSqlite(int code, int system_errno) {
  switch (code & kPrimaryCodeMask) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_FULL:
      return DiskFull();
    case SQLITE_NOMEM:
      return Refusal(StatusCode::kResourceExhausted, "OUT_OF_MEMORY",
                     "There is not enough memory; free some and try again.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return Refusal(StatusCode::kUnavailable, "DATABASE_BUSY",
                     "Another program is using the database; try again in a "
                     "moment.");
    case SQLITE_IOERR:
      return DiskFailed(system_errno);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Refusal(StatusCode::kFailedPrecondition, "DATABASE_UNOPENED",
                     "The database cannot be opened; check that its directory "
                     "exists and belongs to this account.");
    case SQLITE_READONLY:
      return Refusal(StatusCode::kFailedPrecondition, "DATABASE_READ_ONLY",
                     "The database cannot be written; check the permissions of "
                     "its directory and its files.");
    case SQLITE_NOTADB:
      return Refusal(StatusCode::kFailedPrecondition, "DATABASE_KEY_WRONG",
                     "The database does not open with this key; check that key "
                     "and database belong together.");
    case SQLITE_CORRUPT:
      return Refusal(StatusCode::kDataLoss, "DATABASE_DAMAGED",
                     "The database is damaged; restore it from a backup.");
    default:
      return Refusal(StatusCode::kInternal, "DATABASE_MISUSED",
                     "The database refused a statement; this is a mistake in "
                     "Commonwage.");
  }
}

}  // namespace commonwage::storage
