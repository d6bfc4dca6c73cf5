// SPDX-License-Identifier: Apache-2.0
#include "base/file/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file/descriptor.h"
#include "base/file/kept_file.h"
#include "tests/testing/devices.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage {
namespace {

using testing::FileContents;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;

mode_t ModeOf(const std::string& path) {
  struct stat about {};
  EXPECT_EQ(lstat(path.c_str(), &about), 0) << path;
  return about.st_mode;
}

class OutputFileTest : public ::testing::Test {
 protected:
  absl::Status Write(absl::string_view content,
                     IfThere if_there = IfThere::kRefuse,
                     Readers readers = Readers::kOwner) {
    return WriteOutput(file_, content, readers, if_there);
  }
  [[nodiscard]] std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(directory_.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  // Makes the place a link to "target".
  void Link() const { std::filesystem::create_symlink("target", file_.path); }

  testing::TempDirectory directory_;
  const NamedFile file_{directory_.File("f"), "test file"};
  const std::string target_ = directory_.File("target");
};

TEST_F(OutputFileTest, MakesAFileWhereThereIsNone) {
  const std::string content(200'000, 'c');
  ASSERT_OK(Write(content));
  EXPECT_EQ(FileContents(file_.path), content);
  EXPECT_THAT(Names(), UnorderedElementsAre("f"));
}

TEST_F(OutputFileTest, RefusesAFileThatIsThereUnlessForced) {
  ASSERT_OK(Write("old"));
  const absl::Status refused = Write("new");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(refused, HasReason(Reason::kFileExists));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("the test file is"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("--force"));
  EXPECT_THAT(std::string(refused.message()),
              Not(HasSubstr(directory_.path())));
  EXPECT_EQ(FileContents(file_.path), "old");
  ASSERT_OK(Write("new", IfThere::kReplace));
  EXPECT_EQ(FileContents(file_.path), "new");
  EXPECT_THAT(Names(), UnorderedElementsAre("f"));
}

TEST_F(OutputFileTest, RefusesBeforeAnythingIsMadeThatIsToBeWritten) {
  ASSERT_OK(Write("old"));
  EXPECT_THAT(OutputFile::Create(file_, Readers::kOwner, IfThere::kRefuse),
              HasReason(Reason::kFileExists));
  EXPECT_OK(OutputFile::Create(file_, Readers::kOwner, IfThere::kReplace));
}

TEST_F(OutputFileTest, WhatComesInBetweenIsNotReplaced) {
  auto output = OutputFile::Create(file_, Readers::kOwner, IfThere::kRefuse);
  ASSERT_OK(output);
  ASSERT_OK(output->Append("new"));
  std::ofstream(file_.path) << "precious";
  const absl::Status refused = output->Commit();
  EXPECT_THAT(refused, HasReason(Reason::kFileExists));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("--force"));
  EXPECT_EQ(FileContents(file_.path), "precious");
}

TEST_F(OutputFileTest, LeavesNothingBehindWithoutACommit) {
  {
    auto output = OutputFile::Create(file_, Readers::kOwner, IfThere::kRefuse);
    ASSERT_OK(output);
    ASSERT_OK(output->Append(std::string(100'000, 'n')));
  }
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(OutputFileTest, FollowsALinkToItsTargetAndReplacesThere) {
  Link();
  std::ofstream(target_) << "old";
  EXPECT_THAT(Write("new"), HasReason(Reason::kFileExists));
  EXPECT_EQ(FileContents(target_), "old");
  ASSERT_OK(Write("new", IfThere::kReplace));
  EXPECT_EQ(FileContents(target_), "new");
  EXPECT_TRUE(S_ISLNK(ModeOf(file_.path)));
}

TEST_F(OutputFileTest, MakesTheFileThatALinkLeadsTo) {
  std::filesystem::create_directory(directory_.File("far"));
  std::filesystem::create_symlink(directory_.File("far/away"), target_);
  Link();
  ASSERT_OK(Write("new"));
  EXPECT_EQ(FileContents(directory_.File("far/away")), "new");
  EXPECT_TRUE(S_ISLNK(ModeOf(file_.path)));
  EXPECT_TRUE(S_ISLNK(ModeOf(target_)));
}

TEST_F(OutputFileTest, SaysThatLinksLeadInACircle) {
  std::filesystem::create_symlink("f", target_);
  Link();
  EXPECT_THAT(Write("new"), HasReason(Reason::kFileUnusable));
}

TEST_F(OutputFileTest, FollowsNoLinkOfAnothersInASharedDirectory) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "SKIPPED: only root can give a link to somebody else";
  }
  Link();
  ASSERT_EQ(lchown(file_.path.c_str(), 65534, 65534), 0);
  ASSERT_OK(Write("before"));
  std::filesystem::remove(target_);
  ASSERT_EQ(chmod(directory_.path().c_str(), 01777), 0);
  EXPECT_THAT(Write("new"), HasReason(Reason::kFileRefused));
  EXPECT_FALSE(std::filesystem::exists(target_));
}

// Else whoever made it reads what was meant for nobody else.
TEST_F(OutputFileTest, WritesIntoNoFifoOfAnothersInASharedDirectory) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "SKIPPED: only root can give a pipe to somebody else";
  }
  ASSERT_EQ(mkfifo(file_.path.c_str(), 0622), 0);
  ASSERT_EQ(chown(file_.path.c_str(), 65534, 65534), 0);
  ASSERT_EQ(chmod(directory_.path().c_str(), 01777), 0);
  // Its reader is there, so that opening it waits for nobody.
  const Descriptor reader(open(file_.path.c_str(), O_RDONLY | O_NONBLOCK));
  ASSERT_TRUE(reader.ok());
  EXPECT_THAT(Write("secret"), HasReason(Reason::kFileRefused));
  char byte = 0;
  EXPECT_LE(read(reader.get(), &byte, 1), 0);
}

TEST_F(OutputFileTest, AFileThatIsReadOnlyIsNotReplacedEvenIfToldSo) {
  ASSERT_OK(CreateFile(file_, "a key", Mode::kReadOnly));
  EXPECT_THAT(Write("codes", IfThere::kReplace),
              HasReason(Reason::kFileRefused));
  EXPECT_EQ(FileContents(file_.path), "a key");
}

TEST_F(OutputFileTest, WritesIntoADeviceAndLeavesItThere) {
  for (const IfThere if_there : {IfThere::kRefuse, IfThere::kReplace}) {
    COMMONWAGE_PUT_DEVICE(file_.path, Device::kNull);
    EXPECT_OK(Write("x", if_there));
    EXPECT_TRUE(std::filesystem::is_character_file(file_.path));
    COMMONWAGE_PUT_DEVICE(file_.path, Device::kFull);
    EXPECT_THAT(Write("x", if_there), HasReason(Reason::kDiskFull));
    EXPECT_TRUE(std::filesystem::is_character_file(file_.path));
  }
}

TEST_F(OutputFileTest, WritesIntoAFifo) {
  ASSERT_EQ(mkfifo(file_.path.c_str(), 0600), 0);
  std::string read;
  std::thread reader(
      [&] { read = FileContents(file_.path).value_or("nothing"); });
  EXPECT_OK(Write("through"));
  reader.join();
  EXPECT_EQ(read, "through");
  EXPECT_TRUE(S_ISFIFO(ModeOf(file_.path)));
}

TEST_F(OutputFileTest, RefusesADirectoryAndADisk) {
  const NamedFile itself{directory_.path(), "test file"};
  for (const std::string& path : {directory_.path(), directory_.path() + "/"}) {
    EXPECT_THAT(
        WriteOutput({path, "f"}, "x", Readers::kOwner, IfThere::kReplace),
        HasReason(Reason::kFileUnusable));
  }
  EXPECT_THAT(WriteOutput({"", "f"}, "x", Readers::kOwner, IfThere::kReplace),
              HasReason(Reason::kFileNotFound));
  if (mknod(file_.path.c_str(), S_IFBLK | 0600, 0) == 0) {
    EXPECT_THAT(Write("x", IfThere::kReplace),
                HasReason(Reason::kFileUnusable));
    EXPECT_TRUE(S_ISBLK(ModeOf(file_.path)));
  }
}

TEST_F(OutputFileTest, LetsOnlyTheReadersReadThatWereNamed) {
  ASSERT_OK(Write("x"));
  EXPECT_EQ(ModeOf(file_.path) & 0777U, 0600U);
  ASSERT_OK(Write("x", IfThere::kReplace, Readers::kEverybody));
  EXPECT_EQ(ModeOf(file_.path) & 0777U, 0644U);
}

TEST_F(OutputFileTest, TwoAtATimeDoNotMix) {
  auto first = OutputFile::Create(file_, Readers::kOwner, IfThere::kReplace);
  ASSERT_OK(first);
  EXPECT_THAT(Write("second", IfThere::kReplace), HasReason(Reason::kFileBusy));
  ASSERT_OK(first->Append("first"));
  ASSERT_OK(first->Commit());
  EXPECT_EQ(FileContents(file_.path), "first");
  EXPECT_OK(Write("second", IfThere::kReplace));
}

TEST_F(OutputFileTest, RemovesWhatAKilledProgramLeftAndNothingElse) {
  const std::string left = file_.path + ".commonwage-unfinished";
  const std::string other = directory_.File("g.commonwage-unfinished");
  std::ofstream(left) << "half";
  std::filesystem::create_directory(other);
  std::ofstream(other + "/0001.html") << "half";
  std::ofstream(directory_.File("mine.unfinished")) << "precious";
  auto held = OutputFile::Create({directory_.File("held"), "test file"},
                                 Readers::kOwner, IfThere::kRefuse);
  ASSERT_OK(held);
  ASSERT_OK(Write("whole"));
  EXPECT_EQ(FileContents(file_.path), "whole");
  EXPECT_THAT(Names(), UnorderedElementsAre("f", "mine.unfinished",
                                            "held.commonwage-unfinished"));
  // Also if there is nothing to write this time.
  std::ofstream(left) << "half";
  EXPECT_THAT(Write("new"), HasReason(Reason::kFileExists));
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(OutputFileTest, SaysWhichFileItWasButNotItsPath) {
  const absl::Status refused =
      WriteOutput({"/nowhere/secret-name", "plan file"}, "x", Readers::kOwner,
                  IfThere::kRefuse);
  EXPECT_THAT(refused, HasReason(Reason::kFileNotFound));
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("The plan file cannot be written"));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("secret-name")));
}

}  // namespace
}  // namespace commonwage
