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
  std::string reason;
};

TEST(SqliteStatusTest, SuccessIsNoError) {
  for (const int code : {SQLITE_OK, SQLITE_ROW, SQLITE_DONE}) {
    EXPECT_OK(StatusOfSqlite(code, 0));
  }
}

TEST(SqliteStatusTest, EachCodeHasItsCanonicalOneAndItsReason) {
  const std::vector<Case> cases = {
      {SQLITE_FULL, 0, StatusCode::kResourceExhausted, "DISK_FULL"},
      {SQLITE_IOERR_FSYNC, ENOSPC, StatusCode::kResourceExhausted, "DISK_FULL"},
      {SQLITE_IOERR_WRITE, EDQUOT, StatusCode::kResourceExhausted, "DISK_FULL"},
      {SQLITE_IOERR_WRITE, EIO, StatusCode::kUnavailable, "DISK_FAILED"},
      {SQLITE_IOERR, 0, StatusCode::kUnavailable, "DISK_FAILED"},
      {SQLITE_NOMEM, 0, StatusCode::kResourceExhausted, "OUT_OF_MEMORY"},
      {SQLITE_BUSY, 0, StatusCode::kUnavailable, "DATABASE_BUSY"},
      {SQLITE_BUSY_SNAPSHOT, 0, StatusCode::kUnavailable, "DATABASE_BUSY"},
      {SQLITE_LOCKED, 0, StatusCode::kUnavailable, "DATABASE_BUSY"},
      {SQLITE_CANTOPEN, 0, StatusCode::kFailedPrecondition,
       "DATABASE_UNOPENED"},
      {SQLITE_CANTOPEN, EACCES, StatusCode::kPermissionDenied, "FILE_REFUSED"},
      {SQLITE_CANTOPEN, EROFS, StatusCode::kFailedPrecondition,
       "DISK_READ_ONLY"},
      {SQLITE_CANTOPEN, ENOENT, StatusCode::kFailedPrecondition,
       "DATABASE_UNOPENED"},
      {SQLITE_IOERR_WRITE, EROFS, StatusCode::kFailedPrecondition,
       "DISK_READ_ONLY"},
      {SQLITE_PERM, 0, StatusCode::kFailedPrecondition, "DATABASE_UNOPENED"},
      {SQLITE_READONLY, 0, StatusCode::kFailedPrecondition,
       "DATABASE_READ_ONLY"},
      {SQLITE_READONLY_DIRECTORY, 0, StatusCode::kFailedPrecondition,
       "DATABASE_READ_ONLY"},
      {SQLITE_NOTADB, 0, StatusCode::kFailedPrecondition, "DATABASE_KEY_WRONG"},
      {SQLITE_CORRUPT, 0, StatusCode::kDataLoss, "DATABASE_DAMAGED"},
      {SQLITE_CORRUPT_INDEX, 0, StatusCode::kDataLoss, "DATABASE_DAMAGED"},
      {SQLITE_CONSTRAINT_UNIQUE, 0, StatusCode::kInternal, "DATABASE_MISUSED"},
      {SQLITE_ERROR, 0, StatusCode::kInternal, "DATABASE_MISUSED"},
      {SQLITE_MISUSE, 0, StatusCode::kInternal, "DATABASE_MISUSED"},
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
