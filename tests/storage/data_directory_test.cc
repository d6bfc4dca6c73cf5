// SPDX-License-Identifier: Apache-2.0
#include "storage/data_directory.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/file/file_lock.h"
#include "base/file/kept_file.h"
#include "base/file/private_directory.h"
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

class DataDirectoryTest : public ::testing::Test {
 protected:
  testing::TempDirectory directory_;
  std::filesystem::path path_ = directory_.File("a");
};

TEST_F(DataDirectoryTest, ADataDirectoryIsMadeOnceAndFoundAgain) {
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

TEST_F(DataDirectoryTest, AnEmptyDirectoryBecomesADataDirectory) {
  ASSERT_OK(MakePrivateDirectory({path_, "directory"}));
  EXPECT_OK(DataDirectory::Create(path_));
}

TEST_F(DataDirectoryTest, ADirectoryWithAnythingInItIsLeftAlone) {
  ASSERT_OK(MakePrivateDirectory({path_, "directory"}));
  ASSERT_OK(ReplaceFile({path_ / "mine", "file"}, "x"));
  EXPECT_THAT(DataDirectory::Create(path_), HasReason(Reason::kDirectoryInUse));
  EXPECT_FALSE(std::filesystem::exists(path_ / "inbox"));
  EXPECT_THAT(DataDirectory::Open(path_),
              HasReason(Reason::kDataDirectoryMissing));
}

TEST_F(DataDirectoryTest, ADataDirectoryThatOthersMayEnterIsNotOpened) {
  ASSERT_OK(DataDirectory::Create(path_));
  ASSERT_EQ(chmod(path_.c_str(), 0755), 0);
  EXPECT_THAT(DataDirectory::Open(path_), HasReason(Reason::kDirectoryTooOpen));
}

TEST_F(DataDirectoryTest, ADirectoryWhoseMakingWasCutShortIsMadeAnew) {
  {
    // Held by a child that is killed in the middle.
    const pid_t child = fork();
    if (child == 0) {
      const auto made = DataDirectory::Begin(path_);
      static_cast<void>(ReplaceFile({path_ / "keyring", "file"}, "half"));
      kill(getpid(), SIGKILL);
    }
    waitpid(child, nullptr, 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path_ / "keyring"));
  EXPECT_THAT(DataDirectory::Open(path_), HasReason(Reason::kInitUnfinished));
  EXPECT_OK(DataDirectory::Create(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ / "keyring"));
  EXPECT_OK(DataDirectory::Open(path_));
  EXPECT_THAT(DataDirectory::Create(path_), HasReason(Reason::kDirectoryInUse));
}

TEST_F(DataDirectoryTest, OnlyOneMakesADirectoryAtATime) {
  const auto first = DataDirectory::Begin(path_);
  ASSERT_OK(first);
  EXPECT_THAT(DataDirectory::Begin(path_), HasReason(Reason::kInitRunning));
}

TEST_F(DataDirectoryTest, AMarkThatSaysNothingDoesNotClearADirectory) {
  ASSERT_OK(DataDirectory::Create(path_));
  ASSERT_OK(ReplaceFile({path_ / "keyring", "file"}, "whole"));
  // As somebody leaves it who came too late and was killed.
  std::ofstream(path_ / "init.unfinished").flush();
  EXPECT_OK(DataDirectory::Open(path_));
  EXPECT_THAT(DataDirectory::Create(path_), HasReason(Reason::kDirectoryInUse));
  EXPECT_TRUE(std::filesystem::exists(path_ / "keyring"));
}

TEST_F(DataDirectoryTest, ASecondServerIsRefusedUntilTheFirstEnds) {
  const absl::StatusOr<DataDirectory> directory = DataDirectory::Create(path_);
  ASSERT_OK(directory);
  {
    const absl::StatusOr<FileLock> first = directory->LockForServer();
    ASSERT_OK(first);
    const absl::Status second = directory->LockForServer().status();
    EXPECT_THAT(second, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(second, HasReason(Reason::kServerRunning));
  }
  EXPECT_OK(directory->LockForServer());
}

}  // namespace
}  // namespace commonwage::storage
