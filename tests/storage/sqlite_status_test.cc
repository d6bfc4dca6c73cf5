// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite_status.h"

#include <cerrno>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlcipher/sqlite3.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::storage {
namespace {

using absl::StatusCode;
using testing::HasReason;
using testing::StatusIs;

struct Case {
  int code;
  int system_errno;
  StatusCode expected;
  Reason reason;
};

TEST(SqliteStatusTest, SuccessIsNoError) {
  for (const int code : {SQLITE_OK, SQLITE_ROW, SQLITE_DONE}) {
    EXPECT_OK(StatusOfSqlite(code, 0));
  }
}

TEST(SqliteStatusTest, EachCodeHasItsCanonicalOneAndItsReason) {
  const std::vector<Case> cases = {
      {SQLITE_FULL, 0, StatusCode::kResourceExhausted, Reason::kDiskFull},
      {SQLITE_IOERR_FSYNC, ENOSPC, StatusCode::kResourceExhausted,
       Reason::kDiskFull},
      {SQLITE_IOERR_WRITE, EDQUOT, StatusCode::kResourceExhausted,
       Reason::kDiskFull},
      {SQLITE_IOERR_WRITE, EIO, StatusCode::kUnavailable, Reason::kDiskFailed},
      {SQLITE_IOERR, 0, StatusCode::kUnavailable, Reason::kDiskFailed},
      {SQLITE_NOMEM, 0, StatusCode::kResourceExhausted, Reason::kOutOfMemory},
      {SQLITE_BUSY, 0, StatusCode::kUnavailable, Reason::kDatabaseBusy},
      {SQLITE_BUSY_SNAPSHOT, 0, StatusCode::kUnavailable,
       Reason::kDatabaseBusy},
      {SQLITE_LOCKED, 0, StatusCode::kUnavailable, Reason::kDatabaseBusy},
      {SQLITE_CANTOPEN, 0, StatusCode::kFailedPrecondition,
       Reason::kDatabaseUnopened},
      {SQLITE_CANTOPEN, EACCES, StatusCode::kPermissionDenied,
       Reason::kFileRefused},
      {SQLITE_CANTOPEN, EROFS, StatusCode::kFailedPrecondition,
       Reason::kDiskReadOnly},
      {SQLITE_CANTOPEN, ENOENT, StatusCode::kFailedPrecondition,
       Reason::kDatabaseUnopened},
      {SQLITE_IOERR_WRITE, EROFS, StatusCode::kFailedPrecondition,
       Reason::kDiskReadOnly},
      {SQLITE_PERM, 0, StatusCode::kFailedPrecondition,
       Reason::kDatabaseUnopened},
      {SQLITE_READONLY, 0, StatusCode::kFailedPrecondition,
       Reason::kDatabaseReadOnly},
      {SQLITE_READONLY_DIRECTORY, 0, StatusCode::kFailedPrecondition,
       Reason::kDatabaseReadOnly},
      {SQLITE_NOTADB, 0, StatusCode::kFailedPrecondition,
       Reason::kDatabaseKeyWrong},
      {SQLITE_CORRUPT, 0, StatusCode::kDataLoss, Reason::kDatabaseDamaged},
      {SQLITE_CORRUPT_INDEX, 0, StatusCode::kDataLoss,
       Reason::kDatabaseDamaged},
      {SQLITE_CONSTRAINT_UNIQUE, 0, StatusCode::kInternal,
       Reason::kDatabaseMisused},
      {SQLITE_ERROR, 0, StatusCode::kInternal, Reason::kDatabaseMisused},
      {SQLITE_MISUSE, 0, StatusCode::kInternal, Reason::kDatabaseMisused},
  };
  for (const Case& each : cases) {
    const absl::Status status = StatusOfSqlite(each.code, each.system_errno);
    EXPECT_THAT(status, StatusIs(each.expected)) << each.code;
    EXPECT_THAT(status, HasReason(each.reason)) << each.code;
  }
}

TEST(SqliteStatusTest, AFullDiskSaysWhatToDo) {
  EXPECT_EQ(StatusOfSqlite(SQLITE_FULL, 0).message(),
            "The database cannot be written: the disk is full; make room and "
            "try again.");
}

}  // namespace
}  // namespace commonwage::storage
