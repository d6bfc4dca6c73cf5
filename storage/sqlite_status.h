// SPDX-License-Identifier: Apache-2.0
// The one place where SQLite's result codes become canonical ones.

#ifndef COMMONWAGE_STORAGE_SQLITE_STATUS_H_
#define COMMONWAGE_STORAGE_SQLITE_STATUS_H_

#include "absl/status/status.h"

namespace commonwage::storage {

// Returns what went wrong when SQLite answered `code` (plain or extended).
// `system_errno` is sqlite3_system_errno's answer, or 0: a disk that is full
// can show as a failed sync. No message repeats SQLite's own, which may quote a
// value or a path.
//
// OK for SQLITE_OK, SQLITE_ROW and SQLITE_DONE. Otherwise, by reason:
//   DISK_FULL          RESOURCE_EXHAUSTED   no space left, nothing was changed
//   OUT_OF_MEMORY      RESOURCE_EXHAUSTED
//   DATABASE_BUSY      UNAVAILABLE          another program held it too long
//   DISK_FAILED        UNAVAILABLE          reading, writing or syncing failed
//   DATABASE_UNOPENED  FAILED_PRECONDITION  no such file, or no permission
//   DATABASE_READ_ONLY FAILED_PRECONDITION
//   DATABASE_KEY_WRONG FAILED_PRECONDITION  or not a SQLCipher file at all
//   DATABASE_DAMAGED   DATA_LOSS
//   DATABASE_MISUSED   INTERNAL             a mistake of this program
absl::Status StatusOfSqlite(int code, int system_errno);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_SQLITE_STATUS_H_
