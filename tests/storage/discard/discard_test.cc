// SPDX-License-Identifier: Apache-2.0
// The layer that other tests trust to throw away what was not synced.

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/storage/discard/undo_log.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/program.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {
namespace {

class DiscardTest : public ::testing::Test {
 protected:
  DiscardTest() { std::filesystem::create_directory(logs_); }

  // Runs the writer until `rows` are acknowledged, kills it, reads what it had
  // acknowledged by then, and restores. Returns the last acknowledged row.
  int64_t WriteAndKill(int64_t rows, const std::string& synchronous) {
    RunningProgram writer({COMMONWAGE_ROW_WRITER, path_},
                          directory_.File("stderr"),
                          {"LD_PRELOAD=" COMMONWAGE_DISCARD_LIBRARY,
                           // Wants to be loaded first.
                           "ASAN_OPTIONS=verify_asan_link_order=0",
                           "COMMONWAGE_DISCARD_DIR=" + logs_,
                           "COMMONWAGE_DISCARD_SYNCHRONOUS=" + synchronous});
    std::string last;
    for (int64_t i = 0; i < rows; ++i) {
      last = writer.ReadLine();
    }
    writer.Signal(SIGKILL);
    for (std::string line = last; !line.empty(); line = writer.ReadLine()) {
      last = line;
    }
    EXPECT_EQ(writer.Wait(), 128 + SIGKILL);
    return std::stoll(last);
  }

  // Returns how many rows are there and checks that they are 1, 2, 3 and so on.
  std::optional<int64_t> CountRows() {
    absl::StatusOr<storage::Database> database =
        storage::Database::Open(path_, SampleKey(1));
    if (!database.ok()) {
      return std::nullopt;
    }
    const absl::StatusOr<int64_t> count =
        database->QueryInt64("SELECT count(*) FROM t");
    const absl::StatusOr<int64_t> highest =
        database->QueryInt64("SELECT coalesce(max(i), 0) FROM t");
    if (!count.ok()) {
      return std::nullopt;
    }
    EXPECT_EQ(*count, *highest);
    return *count;
  }

  TempDirectory directory_;
  std::string path_ = directory_.File("rows.db");
  std::string logs_ = directory_.File("logs");
};

TEST_F(DiscardTest, WhatWasSyncedIsThereAfterAKill) {
  const int64_t acknowledged = WriteAndKill(60, "FULL");
  EXPECT_FALSE(std::filesystem::is_empty(logs_));
  ASSERT_OK(RestoreUnsynced(logs_));
  EXPECT_TRUE(std::filesystem::is_empty(logs_));
  const std::optional<int64_t> found = CountRows();
  ASSERT_TRUE(found.has_value());
  EXPECT_GE(*found, acknowledged);
  EXPECT_LE(*found, acknowledged + 1);
}

TEST_F(DiscardTest, WhatWasNotSyncedIsGone) {
  ASSERT_GE(WriteAndKill(60, "OFF"), 60);
  ASSERT_OK(RestoreUnsynced(logs_));
  // Not even the file's first page was safe.
  EXPECT_FALSE(CountRows().has_value());
}

TEST_F(DiscardTest, WithoutRestoringEverythingIsThereAsAKillAloneLosesNothing) {
  const int64_t acknowledged = WriteAndKill(60, "OFF");
  EXPECT_GE(CountRows(), acknowledged);
}

TEST_F(DiscardTest, GoesBackToTheLastSyncOfEachFileAndNoFurther) {
  UndoLog log(logs_);
  const std::string file = directory_.File("file");
  const auto put = [&](int64_t offset, const std::string& bytes) {
    ASSERT_EQ(log.OnWrite(file, offset, bytes), 0);
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(offset);
    out << bytes;
  };
  std::ofstream(file, std::ios::binary) << "0123456789";
  put(2, "ab");
  ASSERT_EQ(log.OnSync(file), 0);
  put(3, "XYZ");
  put(8, "longer than it was");
  put(4, "q");
  ASSERT_EQ(log.OnTruncate(file, 1), 0);
  std::filesystem::resize_file(file, 1);
  put(0, "W");
  ASSERT_OK(RestoreUnsynced(logs_));
  std::ifstream in(file, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "01ab456789");
}

}  // namespace
}  // namespace commonwage::testing
