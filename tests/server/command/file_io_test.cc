// SPDX-License-Identifier: Apache-2.0
#include "server/command/file_io.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::command {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;
using testing::TempDirectory;

size_t FilesIn(const std::string& directory) {
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(directory)) {
    ++files;
  }
  return files;
}

TEST(FileIoTest, WritesAWholeFileAndReadsItBack) {
  const TempDirectory directory;
  const NamedPath file{directory.File("f"), "test file"};
  const std::string content(200'000, 'c');
  ASSERT_OK(WriteWholeFile(file, "old", Readers::kOwner));
  ASSERT_OK(WriteWholeFile(file, content, Readers::kOwner));
  const auto read = ReadWholeFile(file, 1'000'000);
  ASSERT_OK(read);
  EXPECT_EQ(*read, content);
  EXPECT_EQ(FilesIn(directory.path()), 1U);
}

TEST(FileIoTest, LeavesNothingBehindWithoutACommit) {
  const TempDirectory directory;
  const NamedPath file{directory.File("f"), "test file"};
  ASSERT_OK(WriteWholeFile(file, "old", Readers::kOwner));
  {
    auto output = OutputFile::Create(file, Readers::kOwner);
    ASSERT_OK(output);
    ASSERT_OK(output->Append(std::string(100'000, 'n')));
  }
  EXPECT_EQ(testing::FileContents(file.path), "old");
  EXPECT_EQ(FilesIn(directory.path()), 1U);
}

TEST(FileIoTest, KeepsWhatACommitCouldNotPutIntoPlaceIfTold) {
  const TempDirectory directory;
  const NamedPath file{directory.File("f"), "test file"};
  std::string kept;
  {
    auto output = OutputFile::Create(file, Readers::kOwner);
    ASSERT_OK(output);
    ASSERT_OK(output->Append("precious"));
    ASSERT_OK(output->Sync());
    ASSERT_EQ(mkdir(file.path.c_str(), 0700), 0);
    ASSERT_THAT(output->Commit(), HasReason("FILE_UNUSABLE"));
    kept = output->Keep();
  }
  EXPECT_NE(kept, file.path);
  EXPECT_EQ(testing::FileContents(kept), "precious");
}

TEST(FileIoTest, LetsOnlyTheReadersReadThatWereNamed) {
  const TempDirectory directory;
  const NamedPath own{directory.File("own"), "test file"};
  const NamedPath open{directory.File("open"), "test file"};
  ASSERT_OK(WriteWholeFile(own, "x", Readers::kOwner));
  ASSERT_OK(WriteWholeFile(open, "x", Readers::kEverybody));
  struct stat info = {};
  ASSERT_EQ(stat(own.path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  ASSERT_EQ(stat(open.path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0644U);
}

TEST(FileIoTest, SaysWhichFileItWasButNotItsPath) {
  const NamedPath file{"/nowhere/secret-name", "plan file"};
  const auto read = ReadWholeFile(file, 10);
  EXPECT_THAT(read, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(read, HasReason("FILE_NOT_FOUND"));
  EXPECT_THAT(std::string(read.status().message()),
              HasSubstr("The plan file cannot be read"));
  EXPECT_THAT(std::string(read.status().message()),
              Not(HasSubstr("secret-name")));
  EXPECT_THAT(WriteWholeFile(file, "x", Readers::kOwner),
              HasReason("FILE_NOT_FOUND"));
}

TEST(FileIoTest, RefusesADirectoryAndAFileThatIsTooLarge) {
  const TempDirectory directory;
  const NamedPath itself{directory.path(), "test file"};
  EXPECT_THAT(ReadWholeFile(itself, 10), HasReason("FILE_UNUSABLE"));
  EXPECT_THAT(OutputFile::Create(itself, Readers::kOwner),
              HasReason("FILE_UNUSABLE"));
  const NamedPath file{directory.File("f"), "test file"};
  ASSERT_OK(WriteWholeFile(file, "12345", Readers::kOwner));
  EXPECT_OK(ReadWholeFile(file, 5));
  EXPECT_THAT(ReadWholeFile(file, 4), HasReason("FILE_TOO_LARGE"));
}

}  // namespace
}  // namespace commonwage::server::command
