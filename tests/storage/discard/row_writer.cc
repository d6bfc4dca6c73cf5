// SPDX-License-Identifier: Apache-2.0
// Commits one row after another and prints the number of each that is safe.
// Runs until it is killed. The test beside it kills it.

#include <cstdint>
#include <cstdio>
#include <string>

#include "storage/database.h"
#include "tests/storage/sample_submission.h"

int main(int argc, char** argv) {
  using commonwage::storage::Database;
  if (argc != 2) {
    return 2;
  }
  commonwage::storage::OpenOptions options;
  options.create = true;
  absl::StatusOr<Database> database =
      Database::Open(argv[1], commonwage::testing::SampleKey(1), options);
  if (!database.ok() ||
      !database->Execute("CREATE TABLE IF NOT EXISTS t (i INTEGER)").ok()) {
    return 1;
  }
  // Made small so that the log is moved into the file often.
  if (!database->Execute("PRAGMA wal_autocheckpoint = 10").ok()) {
    return 1;
  }
  for (int64_t i = 1;; ++i) {
    const std::string row = std::to_string(i);
    if (!database->Execute("INSERT INTO t VALUES (" + row + ")").ok()) {
      return 1;
    }
    std::printf("%s\n", row.c_str());
    std::fflush(stdout);
  }
}
