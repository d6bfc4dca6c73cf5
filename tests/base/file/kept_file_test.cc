// SPDX-License-Identifier: Apache-2.0
#include "base/file/kept_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file/file_lock.h"
#include "base/file/links.h"
#include "base/file/private_directory.h"
#include "tests/testing/devices.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage {
namespace {

using testing::FileContents;
using testing::HasReason;
using testing::StatusIs;

mode_t ModeOf(const std::string& path) {
  struct stat about {};
  EXPECT_EQ(stat(path.c_str(), &about), 0) << path;
  return about.st_mode & 0777U;
}

class KeptFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] ptrdiff_t Files() const {
    return std::distance(std::filesystem::directory_iterator(directory_.path()),
                         {});
  }

  testing::TempDirectory directory_;
  const NamedFile file_{directory_.File("a"), "test file"};
  const NamedFile target_{directory_.File("target"), "test file"};
};

TEST_F(KeptFileTest, ReplacesAFileAndKeepsItPrivate) {
  ASSERT_OK(ReplaceFile(file_, "first"));
  ASSERT_OK(ReplaceFile(file_, "second"));
  EXPECT_EQ(FileContents(file_.path), "second");
  EXPECT_EQ(ModeOf(file_.path), 0600U);
  EXPECT_EQ(Files(), 1);
}

TEST_F(KeptFileTest, CreatesAFileOnce) {
  ASSERT_OK(CreateFile(file_, "first", Mode::kReadOnly));
  EXPECT_EQ(ModeOf(file_.path), 0400U);
  const absl::Status refused = CreateFile(file_, "second", Mode::kReadWrite);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(refused, HasReason(Reason::kFileExists));
  EXPECT_EQ(FileContents(file_.path), "first");
  EXPECT_EQ(Files(), 1);
}

TEST_F(KeptFileTest, CreatesAndReplacesWhatALinkLeadsTo) {
  std::filesystem::create_symlink("target", file_.path);
  ASSERT_OK(CreateFile(file_, "first", Mode::kReadWrite));
  EXPECT_THAT(CreateFile(file_, "second", Mode::kReadWrite),
              HasReason(Reason::kFileExists));
  ASSERT_OK(ReplaceFile(file_, "second"));
  EXPECT_EQ(FileContents(target_.path), "second");
  EXPECT_TRUE(std::filesystem::is_symlink(file_.path));
  EXPECT_EQ(*FollowLinks(file_), target_.path);
}

TEST_F(KeptFileTest, PutsNothingInThePlaceOfWhatIsNoFile) {
  std::filesystem::create_directory(file_.path);
  EXPECT_THAT(ReplaceFile(file_, "x"), HasReason(Reason::kFileUnusable));
  EXPECT_THAT(CreateFile(file_, "x", Mode::kReadWrite),
              HasReason(Reason::kFileExists));
  COMMONWAGE_PUT_DEVICE(target_.path, Device::kNull);
  EXPECT_THAT(ReplaceFile(target_, "x"), HasReason(Reason::kFileUnusable));
  EXPECT_THAT(CreateFile(target_, "x", Mode::kReadWrite),
              HasReason(Reason::kFileExists));
  EXPECT_TRUE(std::filesystem::is_character_file(target_.path));
}

TEST_F(KeptFileTest, RemovesAFileOnceOrTwice) {
  ASSERT_OK(ReplaceFile(file_, "x"));
  EXPECT_OK(RemoveFile(file_));
  EXPECT_FALSE(std::filesystem::exists(file_.path));
  EXPECT_OK(RemoveFile(file_));
}

TEST_F(KeptFileTest, MovesAFileIntoAnotherPlace) {
  ASSERT_OK(ReplaceFile(file_, "new"));
  ASSERT_OK(ReplaceFile(target_, "old"));
  ASSERT_OK(MoveFile(file_, target_));
  EXPECT_EQ(FileContents(target_.path), "new");
  EXPECT_EQ(Files(), 1);
  EXPECT_THAT(MoveFile(file_, target_), HasReason(Reason::kFileNotFound));
}

TEST_F(KeptFileTest, OnlyOneHoldsALock) {
  {
    const absl::StatusOr<FileLock> held = FileLock::Acquire(file_);
    ASSERT_OK(held);
    EXPECT_FALSE(FileLock::TryAcquire(file_).value().has_value());
  }
  EXPECT_TRUE(FileLock::TryAcquire(file_).value().has_value());
}

TEST_F(KeptFileTest, MovingALockKeepsIt) {
  absl::StatusOr<FileLock> held = FileLock::Acquire(file_);
  ASSERT_OK(held);
  const std::optional<FileLock> moved = *std::move(held);
  EXPECT_FALSE(FileLock::TryAcquire(file_).value().has_value());
}

TEST_F(KeptFileTest, LocksAFileThatIsReplacedMeanwhile) {
  EXPECT_THAT(FileLock::AcquireReplaced(file_),
              HasReason(Reason::kFileNotFound));
  ASSERT_OK(ReplaceFile(file_, "first"));
  {
    const absl::StatusOr<FileLock> held = FileLock::AcquireReplaced(file_);
    ASSERT_OK(held);
    ASSERT_OK(ReplaceFile(file_, "second"));
    // The old one is held; the new one is free.
    EXPECT_TRUE(FileLock::TryAcquire(file_).value().has_value());
  }
  EXPECT_OK(FileLock::AcquireReplaced(file_));
}

TEST_F(KeptFileTest, WhoWaitedForAFileThatWasReplacedHoldsTheNewOne) {
  ASSERT_OK(ReplaceFile(file_, "first"));
  std::optional<FileLock> first = *FileLock::AcquireReplaced(file_);
  std::optional<FileLock> second;
  std::thread waits([&] { second.emplace(*FileLock::AcquireReplaced(file_)); });
  // Until it is waiting; if it comes later, it has less to wait for.
  absl::SleepFor(absl::Milliseconds(50));
  ASSERT_OK(ReplaceFile(file_, "second"));
  first.reset();
  waits.join();
  EXPECT_FALSE(FileLock::TryAcquire(file_).value().has_value());
}

TEST_F(KeptFileTest, RefusesADirectoryThatOthersMayEnter) {
  EXPECT_THAT(CheckPrivateDirectory(file_),
              HasReason(Reason::kDirectoryMissing));
  ASSERT_OK(MakePrivateDirectory(file_));
  EXPECT_EQ(ModeOf(file_.path), 0700U);
  EXPECT_OK(MakePrivateDirectory(file_));
  ASSERT_EQ(chmod(file_.path.c_str(), 0750), 0);
  EXPECT_THAT(MakePrivateDirectory(file_),
              HasReason(Reason::kDirectoryTooOpen));
  EXPECT_EQ(ModeOf(file_.path), 0750U);
}

}  // namespace
}  // namespace commonwage
