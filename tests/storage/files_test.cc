// SPDX-License-Identifier: Apache-2.0
#include "storage/files.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "storage/data_directory.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::StatusIs;

mode_t ModeOf(const std::filesystem::path& path) {
  struct stat about {};
  EXPECT_EQ(stat(path.c_str(), &about), 0) << path;
  return about.st_mode & 0777U;
}

class FilesTest : public ::testing::Test {
 protected:
  testing::TempDirectory directory_;
  std::filesystem::path path_ = directory_.File("a");
};

TEST_F(FilesTest, ReplacesAFileAndKeepsItPrivate) {
  ASSERT_OK(ReplaceFile(path_, "first"));
  ASSERT_OK(ReplaceFile(path_, "second"));
  EXPECT_EQ(ReadFile(path_, 6).value(), "second");
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(
      std::distance(std::filesystem::directory_iterator(directory_.path()), {}),
      1);
}

TEST_F(FilesTest, LeavesTheOldFileIfItCannotWriteTheNew) {
  ASSERT_OK(ReplaceFile(path_, "first"));
  std::filesystem::path temporary = path_;
  temporary += ".new";
  std::filesystem::create_directory(temporary);
  EXPECT_THAT(ReplaceFile(path_, "second"), HasReason("FILE_FAILED"));
  EXPECT_EQ(ReadFile(path_, 100).value(), "first");
}

TEST_F(FilesTest, TellsMissingFromTooLong) {
  EXPECT_THAT(ReadFile(path_, 100), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(ReplaceFile(path_, "123456"));
  EXPECT_THAT(ReadFile(path_, 5), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_OK(ReadFile(path_, 6));
}

TEST_F(FilesTest, RemovesAFileOnceOrTwice) {
  ASSERT_OK(ReplaceFile(path_, "x"));
  EXPECT_OK(RemoveFile(path_));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_OK(RemoveFile(path_));
}

TEST_F(FilesTest, OnlyOneHoldsALock) {
  {
    const absl::StatusOr<FileLock> held = FileLock::Acquire(path_);
    ASSERT_OK(held);
    EXPECT_FALSE(FileLock::TryAcquire(path_).value().has_value());
  }
  EXPECT_TRUE(FileLock::TryAcquire(path_).value().has_value());
}

TEST_F(FilesTest, MovingALockKeepsIt) {
  absl::StatusOr<FileLock> held = FileLock::Acquire(path_);
  ASSERT_OK(held);
  const std::optional<FileLock> moved = *std::move(held);
  EXPECT_FALSE(FileLock::TryAcquire(path_).value().has_value());
}

TEST_F(FilesTest, RefusesADirectoryThatOthersMayEnter) {
  ASSERT_OK(MakePrivateDirectory(path_));
  EXPECT_EQ(ModeOf(path_), 0700U);
  EXPECT_OK(MakePrivateDirectory(path_));
  ASSERT_EQ(chmod(path_.c_str(), 0750), 0);
  EXPECT_THAT(MakePrivateDirectory(path_), HasReason("DIRECTORY_TOO_OPEN"));
  EXPECT_EQ(ModeOf(path_), 0750U);
}

TEST_F(FilesTest, ADataDirectoryIsMadeOnceAndFoundAgain) {
  const absl::StatusOr<DataDirectory> made = DataDirectory::Create(path_);
  ASSERT_OK(made);
  EXPECT_EQ(ModeOf(path_), 0700U);
  EXPECT_EQ(ModeOf(path_ / "inbox"), 0700U);
  EXPECT_THAT(DataDirectory::Create(path_),
              StatusIs(absl::StatusCode::kAlreadyExists));
  const absl::StatusOr<DataDirectory> found = DataDirectory::Open(path_);
  ASSERT_OK(found);
  EXPECT_EQ(found->inbox_path("pay.2026"), path_ / "inbox" / "pay.2026.db");
}

TEST_F(FilesTest, AnEmptyDirectoryBecomesADataDirectory) {
  ASSERT_OK(MakePrivateDirectory(path_));
  EXPECT_OK(DataDirectory::Create(path_));
}

TEST_F(FilesTest, ADirectoryWithAnythingInItIsLeftAlone) {
  ASSERT_OK(MakePrivateDirectory(path_));
  ASSERT_OK(ReplaceFile(path_ / "mine", "x"));
  EXPECT_THAT(DataDirectory::Create(path_), HasReason("DIRECTORY_IN_USE"));
  EXPECT_FALSE(std::filesystem::exists(path_ / "inbox"));
  EXPECT_THAT(DataDirectory::Open(path_), HasReason("DATA_DIRECTORY_MISSING"));
}

TEST_F(FilesTest, ADataDirectoryThatOthersMayEnterIsNotOpened) {
  ASSERT_OK(DataDirectory::Create(path_));
  ASSERT_EQ(chmod(path_.c_str(), 0755), 0);
  EXPECT_THAT(DataDirectory::Open(path_), HasReason("DIRECTORY_TOO_OPEN"));
}

TEST_F(FilesTest, ADirectoryWhoseMakingWasCutShortIsMadeAnew) {
  {
    // Held by a child that is killed in the middle.
    const pid_t child = fork();
    if (child == 0) {
      const auto made = DataDirectory::Begin(path_);
      static_cast<void>(ReplaceFile(path_ / "keyring", "half"));
      kill(getpid(), SIGKILL);
    }
    waitpid(child, nullptr, 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path_ / "keyring"));
  EXPECT_THAT(DataDirectory::Open(path_), HasReason("INIT_UNFINISHED"));
  EXPECT_OK(DataDirectory::Create(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ / "keyring"));
  EXPECT_OK(DataDirectory::Open(path_));
  EXPECT_THAT(DataDirectory::Create(path_), HasReason("DIRECTORY_IN_USE"));
}

TEST_F(FilesTest, OnlyOneMakesADirectoryAtATime) {
  const auto first = DataDirectory::Begin(path_);
  ASSERT_OK(first);
  EXPECT_THAT(DataDirectory::Begin(path_), HasReason("INIT_RUNNING"));
}

TEST_F(FilesTest, AMarkThatSaysNothingDoesNotClearADirectory) {
  ASSERT_OK(DataDirectory::Create(path_));
  ASSERT_OK(ReplaceFile(path_ / "keyring", "whole"));
  // As somebody leaves it who came too late and was killed.
  std::ofstream(path_ / "init.unfinished").flush();
  EXPECT_OK(DataDirectory::Open(path_));
  EXPECT_THAT(DataDirectory::Create(path_), HasReason("DIRECTORY_IN_USE"));
  EXPECT_TRUE(std::filesystem::exists(path_ / "keyring"));
}

TEST_F(FilesTest, ASecondServerIsRefusedUntilTheFirstEnds) {
  const absl::StatusOr<DataDirectory> directory = DataDirectory::Create(path_);
  ASSERT_OK(directory);
  {
    const absl::StatusOr<FileLock> first = directory->LockForServer();
    ASSERT_OK(first);
    const absl::Status second = directory->LockForServer().status();
    EXPECT_THAT(second, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(second, HasReason("SERVER_RUNNING"));
  }
  EXPECT_OK(directory->LockForServer());
}

}  // namespace
}  // namespace commonwage::storage
