// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite_status.h"

#include <cerrno>

#include <sqlcipher/sqlite3.h>

#include "base/error.h"
#include "base/file/file_failure.h"

namespace commonwage::storage {
namespace {

constexpr int kPrimaryCodeMask = 0xff;

// Whether `system_errno` says more than SQLite's own code does.
bool IsTelling(int system_errno) {
  switch (system_errno) {
    case ENOSPC:
    case EDQUOT:
    case EACCES:
    case EPERM:
    case EROFS:
    case EMFILE:
    case ENFILE:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::Status StatusOfSqlite(int code, int system_errno) {
  switch (code & kPrimaryCodeMask) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_FULL:
      return FileFailure("database", "written", ENOSPC);
    case SQLITE_NOMEM:
      return Refusal(Reason::kOutOfMemory,
                     "There is not enough memory; free some and try again.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return Refusal(Reason::kDatabaseBusy,
                     "Another program is using the database; try again in a "
                     "moment.");
    case SQLITE_IOERR:
      return FileFailure("database", "read or written",
                         IsTelling(system_errno) ? system_errno : EIO);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      if (IsTelling(system_errno)) {
        return FileFailure("database", "opened", system_errno);
      }
      return Refusal(Reason::kDatabaseUnopened,
                     "The database cannot be opened; check that its directory "
                     "exists and belongs to this account.");
    case SQLITE_READONLY:
      return Refusal(Reason::kDatabaseReadOnly,
                     "The database cannot be written: its disk is read-only, "
                     "or this account may not; make the disk writable, and "
                     "check the permissions of its directory and its files.");
    case SQLITE_NOTADB:
      return Refusal(Reason::kDatabaseKeyWrong,
                     "The database does not open with this key; check that key "
                     "and database belong together.");
    case SQLITE_CORRUPT:
      return Refusal(Reason::kDatabaseDamaged,
                     "The database is damaged; restore it from a backup.");
    default:
      return Refusal(Reason::kDatabaseMisused,
                     "The database refused a statement; this is a mistake in "
                     "Commonwage.");
  }
}

}  // namespace commonwage::storage
