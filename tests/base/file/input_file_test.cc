// SPDX-License-Identifier: Apache-2.0
#include "base/file/input_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file/file_failure.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;

class InputFileTest : public ::testing::Test {
 protected:
  void Put(const std::string& content) const {
    std::ofstream(file_.path, std::ios::binary) << content;
    ASSERT_EQ(chmod(file_.path.c_str(), 0600), 0);
  }
  [[nodiscard]] absl::Status CheckPrivate() const {
    const absl::StatusOr<InputFile> file = InputFile::Open(file_);
    return file.ok() ? file->CheckPrivate() : file.status();
  }

  testing::TempDirectory directory_;
  const NamedFile file_{directory_.File("f"), "test file"};
};

TEST_F(InputFileTest, ReadsAWholeFileUpToItsLimit) {
  for (const size_t size :
       std::vector<size_t>{0, 1, 4095, 4096, 4097, 12'288, 3'000'000}) {
    Put(std::string(size, 'c'));
    const auto read = ReadFile(file_, size);
    ASSERT_OK(read);
    EXPECT_EQ(*read, std::string(size, 'c'));
  }
  Put("12345");
  EXPECT_THAT(ReadFile(file_, 4), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadFile(file_, 4), HasReason(Reason::kFileTooLarge));
}

TEST_F(InputFileTest, FillsTheCallersBuffer) {
  Put("12345");
  std::string out(8, '-');
  const auto file = InputFile::Open(file_);
  ASSERT_OK(file);
  EXPECT_EQ(*file->Fill(absl::MakeSpan(out).subspan(0, 2)), 2U);
  EXPECT_EQ(*file->Fill(absl::MakeSpan(out).subspan(2)), 3U);
  EXPECT_EQ(out, "12345---");
}

TEST_F(InputFileTest, SaysWhichFileItWasButNotItsPath) {
  const auto read = ReadFile({"/nowhere/secret-name", "plan file"}, 10);
  EXPECT_THAT(read, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(read, HasReason(Reason::kFileNotFound));
  EXPECT_THAT(std::string(read.status().message()),
              HasSubstr("The plan file cannot be read"));
  EXPECT_THAT(std::string(read.status().message()),
              Not(HasSubstr("secret-name")));
  EXPECT_THAT(ReadFile({directory_.path(), "plan file"}, 10),
              HasReason(Reason::kFileUnusable));
}

TEST_F(InputFileTest, APrivateFileIsForThisAccountAlone) {
  Put("x");
  EXPECT_OK(CheckPrivate());
  ASSERT_EQ(chmod(file_.path.c_str(), 0640), 0);
  EXPECT_THAT(CheckPrivate(), HasReason(Reason::kFileTooOpen));
}

TEST_F(InputFileTest, APrivateFileBelongsToThisAccountOrToRoot) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "SKIPPED: only root can give a file to somebody else";
  }
  Put("x");
  ASSERT_EQ(chown(file_.path.c_str(), 65534, 65534), 0);
  EXPECT_THAT(CheckPrivate(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(CheckPrivate(), HasReason(Reason::kFileOfAnother));
}

TEST(FileFailureTest, EachErrorHasItsCodeAndItsReason) {
  const std::vector<std::pair<int, Reason>> cases = {
      {ENOENT, Reason::kFileNotFound}, {ENOTDIR, Reason::kFileNotFound},
      {EACCES, Reason::kFileRefused},  {EPERM, Reason::kFileRefused},
      {EROFS, Reason::kDiskReadOnly},  {ENOSPC, Reason::kDiskFull},
      {EDQUOT, Reason::kDiskFull},     {EMFILE, Reason::kTooManyFiles},
      {EIO, Reason::kDiskFailed},      {EISDIR, Reason::kFileUnusable},
      {ELOOP, Reason::kFileUnusable},  {EPIPE, Reason::kFileUnusable}};
  for (const auto& [number, reason] : cases) {
    const absl::Status status = FileFailure("plan file", "written", number);
    EXPECT_THAT(status, HasReason(reason)) << number;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("The plan file cannot be written: "));
  }
  EXPECT_THAT(FileFailure("f", "read", EACCES),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(FileFailure("f", "read", EROFS),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(std::string(FileFailure("f", "written", EPIPE).message()),
            "The f cannot be written: the system says: Broken pipe.");
}

}  // namespace
}  // namespace commonwage
