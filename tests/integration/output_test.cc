// SPDX-License-Identifier: Apache-2.0
// Every command that writes a file where somebody says, against everything that
// can be there: nothing that was there is lost unless it was to be replaced,
// and what is written is whole or not there, whenever the command is killed.

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/output_commands.h"
#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/temp_directory.h"
#include "tests/testing/traced_program.h"

namespace commonwage {
namespace {

using testing::FileContents;
using ::testing::HasSubstr;
using testing::ProgramResult;

constexpr char kOld[] = "precious";
// No path of anything else has this in it.
constexpr char kMarker[] = "marked-place";
constexpr char kUnfinished[] = ".commonwage-unfinished";

Arguments Forced(Arguments arguments) {
  arguments.emplace_back("--force");
  return arguments;
}

bool IsRoot() { return geteuid() == 0; }

// A table has a row for each command, and a test for each column.
class OutputTest : public ::testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() { world = new OutputWorld(); }
  static void TearDownTestSuite() {
    delete world;
    world = nullptr;
  }

  void SetUp() override { std::filesystem::create_directory(marked_); }

  [[nodiscard]] ProgramResult Write() const {
    return testing::RunProgram(command_.write(place_));
  }
  // Writes what is there to be written, whatever was written before.
  [[nodiscard]] ProgramResult WriteForced() const {
    ProgramResult result = testing::RunProgram(Forced(command_.write(place_)));
    return result.exit_code == 0 || command_.again == nullptr
               ? result
               : testing::RunProgram(Forced(command_.again(place_)));
  }

  void PutOld(const std::string& path) const { std::ofstream(path) << kOld; }

  // That somebody is told what to do about a file that is there.
  static void ExpectRefusal(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 1) << result.out;
    EXPECT_THAT(result.err, HasSubstr("--force"));
  }

  static std::vector<std::string> LeftIn(const std::string& directory) {
    std::vector<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      const std::string name = entry.path().filename().string();
      if (absl::EndsWith(name, kUnfinished)) {
        left.push_back(name);
      }
    }
    return left;
  }
  // That nothing but what is asked for lies beside the place.
  void ExpectTidy() const {
    EXPECT_THAT(LeftIn(marked_), ::testing::IsEmpty());
  }

  void ExpectReplaced(const std::string& path) const {
    const ProgramResult forced = WriteForced();
    EXPECT_EQ(forced.exit_code, 0) << forced.err;
    const std::string content = FileContents(path).value_or("");
    EXPECT_GT(content.size(), 10U);
    EXPECT_NE(content, kOld);
    ExpectTidy();
  }

  static inline OutputWorld* world = nullptr;
  OutputCommand command_ = world->Command(GetParam());
  testing::TempDirectory directory_;
  const std::string marked_ = directory_.File(kMarker);
  const std::string place_ = absl::StrCat(marked_, "/", command_.file);
  const std::string target_ = directory_.File("target");
};

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
  std::filesystem::create_symlink("/dev/null", place_);
  const ProgramResult result = Write();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  std::filesystem::remove(place_);
  std::filesystem::create_symlink("/dev/full", place_);
  const ProgramResult full = WriteForced();
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, HasSubstr("the disk is full"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
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
class OutputDiskTest : public OutputTest {
 protected:
  void SetUp() override {
    OutputTest::SetUp();
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

class OutputKillTest : public OutputTest {};

TEST_P(OutputKillTest, AKillAtEachSystemCall) {
  if (!IsRoot()) {
    GTEST_SKIP() << "SKIPPED: only root can look into a hardened program";
  }
  PutOld(place_);
  int call = 1;
  while (
      testing::RunAndKillAtCall(Forced(command_.write(place_)), kMarker, call)
          .killed) {
    const std::string after_kill = FileContents(place_).value_or("nothing");
    ExpectReplaced(place_);
    if (after_kill != kOld) {
      EXPECT_EQ(after_kill, FileContents(place_)) << call;
    }
    command_ = world->Command(GetParam());
    PutOld(place_);
    ++call;
  }
  // Made, written, opened up, synced, put in place, its directory synced.
  EXPECT_GE(call, 7);
  ExpectReplaced(place_);
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& info) {
  return info.param;
}

INSTANTIATE_TEST_SUITE_P(Commands, OutputTest,
                         ::testing::ValuesIn(OutputWorld::Names()), NameOf);
INSTANTIATE_TEST_SUITE_P(Commands, OutputDiskTest,
                         ::testing::ValuesIn(OutputWorld::Names()), NameOf);
INSTANTIATE_TEST_SUITE_P(Commands, OutputKillTest,
                         ::testing::ValuesIn(OutputWorld::Names()), NameOf);

}  // namespace
}  // namespace commonwage
