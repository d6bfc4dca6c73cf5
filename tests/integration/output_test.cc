// SPDX-License-Identifier: Apache-2.0
// Every command that writes a file where somebody says, against everything that
// can be there: nothing that was there is lost unless it was to be replaced.

#include <sys/mount.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/output_commands.h"
#include "tests/integration/output_fixture.h"
#include "tests/testing/devices.h"
#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"

namespace commonwage {
namespace {

using testing::FileContents;
using ::testing::HasSubstr;
using testing::ProgramResult;

// A table has a row for each command, and a test for each column.
class OutputTest : public OutputFixture {};

TEST_P(OutputTest, Nothing) {
  const ProgramResult result = Write();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_GT(FileContents(place_).value_or("").size(), 10U);
  ExpectTidy();
}

TEST_P(OutputTest, AFile) {
  PutOld(place_);
  ExpectRefusal(Write());
  EXPECT_EQ(FileContents(place_), kOld);
  ExpectTidy();
  ExpectReplaced(place_);
}

TEST_P(OutputTest, ALink) {
  PutOld(target_);
  std::filesystem::create_symlink("../target", place_);
  ExpectRefusal(Write());
  EXPECT_EQ(FileContents(target_), kOld);
  ExpectReplaced(target_);
  EXPECT_TRUE(std::filesystem::is_symlink(place_));
}

TEST_P(OutputTest, ADanglingLink) {
  std::filesystem::create_symlink("../target", place_);
  const ProgramResult result = Write();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_GT(FileContents(target_).value_or("").size(), 10U);
  EXPECT_TRUE(std::filesystem::is_symlink(place_));
  EXPECT_THAT(LeftIn(directory_.path()), ::testing::IsEmpty());
}

TEST_P(OutputTest, ADirectory) {
  std::filesystem::create_directory(place_);
  for (const Arguments& arguments :
       {command_.write(place_), Forced(command_.write(place_))}) {
    const ProgramResult result = testing::RunProgram(arguments);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("it is a directory"));
    EXPECT_TRUE(std::filesystem::is_empty(place_));
    ExpectTidy();
  }
}

TEST_P(OutputTest, ADevice) {
  COMMONWAGE_PUT_DEVICE(place_, Device::kNull);
  const ProgramResult result = Write();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(std::filesystem::is_character_file(place_));
  COMMONWAGE_PUT_DEVICE(place_, Device::kFull);
  const ProgramResult full = WriteForced();
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, HasSubstr("the disk is full"));
  EXPECT_TRUE(std::filesystem::is_character_file(place_));
  ExpectTidy();
}

TEST_P(OutputTest, AFifo) {
  ASSERT_EQ(mkfifo(place_.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = FileContents(place_).value_or(""); });
  const ProgramResult result = Write();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  reader.join();
  EXPECT_GT(read.size(), 10U);
  EXPECT_TRUE(std::filesystem::is_fifo(place_));
}

TEST_P(OutputTest, ADirectoryThatThisAccountMayNotWriteIn) {
  PutOld(place_);
  std::filesystem::permissions(marked_, std::filesystem::perms::owner_read |
                                            std::filesystem::perms::owner_exec);
  // Root may everywhere, unless it gives that up.
  Arguments arguments = Forced(command_.write(place_));
  if (IsRoot()) {
    arguments.insert(arguments.begin(),
                     {"setpriv", "--bounding-set=-dac_override"});
  }
  const ProgramResult result = testing::RunProgram(arguments);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("this account may not do so"));
  EXPECT_EQ(FileContents(place_), kOld);
}

// A small disk over the marked directory.
class OutputDiskTest : public OutputFixture {
 protected:
  void SetUp() override {
    OutputFixture::SetUp();
    if (!IsRoot() ||
        mount("none", marked_.c_str(), "tmpfs", 0, "size=64k") != 0) {
      GTEST_SKIP() << "SKIPPED: only root can mount a small disk";
    }
    mounted_ = true;
    PutOld(place_);
  }
  void TearDown() override {
    if (mounted_) {
      umount2(marked_.c_str(), MNT_DETACH);
    }
  }
  void ExpectRefusedFor(const std::string& cause) const {
    const ProgramResult result =
        testing::RunProgram(Forced(command_.write(place_)));
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(cause));
    EXPECT_EQ(FileContents(place_), kOld);
    ExpectTidy();
  }

  bool mounted_ = false;
};

TEST_P(OutputDiskTest, AFullDisk) {
  std::ofstream(marked_ + "/filler") << std::string(100'000, 'x');
  ExpectRefusedFor("the disk is full");
}

TEST_P(OutputDiskTest, AReadOnlyDisk) {
  ASSERT_EQ(mount("none", marked_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY,
                  "size=64k"),
            0);
  ExpectRefusedFor("its disk is read-only");
}

INSTANTIATE_TEST_SUITE_P(Commands, OutputTest,
                         ::testing::ValuesIn(OutputWorld::Names()), NameOfRow);
INSTANTIATE_TEST_SUITE_P(Commands, OutputDiskTest,
                         ::testing::ValuesIn(OutputWorld::Names()), NameOfRow);

}  // namespace
}  // namespace commonwage
