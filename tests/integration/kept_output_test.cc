// SPDX-License-Identifier: Apache-2.0
// Every command that makes a file which is never replaced (a wallet, a key),
// against everything that can be there: it stays as it is, and what is made is
// whole or not there, whenever the command is killed. The same for letters.

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/recovery_words.h"
#include "crypto/secret.h"
#include "crypto/sodium_random.h"
#include "tests/testing/devices.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"
#include "tests/testing/traced_program.h"

namespace commonwage {
namespace {

using testing::FileContents;
using ::testing::HasSubstr;
using testing::ProgramResult;
using Arguments = std::vector<std::string>;

constexpr char kOld[] = "precious";
constexpr char kMarker[] = "marked-place";

class KeptOutputTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    std::filesystem::create_directory(marked_);
    Put(directory_.File("passphrase"), "a passphrase for tests only\n");
    crypto::SodiumRandom random;
    Put(directory_.File("words"),
        std::string(crypto::RecoveryWords(crypto::Secret<32>::Random(random))
                        .ExposeText()));
  }

  static void Put(const std::string& path, const std::string& content) {
    std::ofstream(path) << content;
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  }

  // What makes the file at the place. Each time in a data directory of its own.
  Arguments Make() {
    if (GetParam() == "recover") {
      return {COMMONWAGE_BIN_DIR "/commonwage",
              "recover",
              "--wallet",
              place_,
              "--words-file",
              directory_.File("words"),
              "--passphrase-file",
              directory_.File("passphrase")};
    }
    return {absl::StrCat(COMMONWAGE_BIN_DIR "/commonwage-", GetParam()),
            "init",
            "--data",
            directory_.File(absl::StrCat("data", ++made_)),
            "--kek",
            place_};
  }

  // What fails if a file is at the place and not whole.
  Arguments Use() {
    Arguments arguments = Make();
    if (GetParam() == "recover") {
      arguments.emplace_back("--show");
    }
    return arguments;
  }

  void ExpectMade(const std::string& path) {
    const ProgramResult made = testing::RunProgram(Make());
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_GT(FileContents(path).value_or("").size(), 60U);
    EXPECT_EQ(testing::RunProgram(Use()).exit_code, 0);
    ExpectTidy();
  }
  void ExpectRefused() {
    EXPECT_EQ(testing::RunProgram(Make()).exit_code, 1);
    ExpectTidy();
  }
  void ExpectTidy() const {
    for (const std::string& path : {marked_, directory_.path()}) {
      for (const auto& entry : std::filesystem::directory_iterator(path)) {
        EXPECT_FALSE(absl::StrContains(entry.path().filename().string(),
                                       "commonwage-unfinished"));
      }
    }
  }

  testing::TempDirectory directory_;
  const std::string marked_ = directory_.File(kMarker);
  const std::string place_ = marked_ + "/out";
  const std::string target_ = directory_.File("target");
  int made_ = 0;
};

TEST_P(KeptOutputTest, Nothing) { ExpectMade(place_); }

TEST_P(KeptOutputTest, AFile) {
  Put(place_, kOld);
  ExpectRefused();
  EXPECT_EQ(FileContents(place_), kOld);
}

TEST_P(KeptOutputTest, ALink) {
  Put(target_, kOld);
  std::filesystem::create_symlink("../target", place_);
  ExpectRefused();
  EXPECT_EQ(FileContents(target_), kOld);
}

TEST_P(KeptOutputTest, ADanglingLink) {
  std::filesystem::create_symlink("../target", place_);
  ExpectMade(target_);
  EXPECT_TRUE(std::filesystem::is_symlink(place_));
}

TEST_P(KeptOutputTest, ADirectory) {
  std::filesystem::create_directory(place_);
  ExpectRefused();
  EXPECT_TRUE(std::filesystem::is_empty(place_));
}

TEST_P(KeptOutputTest, ADevice) {
  COMMONWAGE_PUT_DEVICE(place_, Device::kNull);
  ExpectRefused();
  EXPECT_TRUE(std::filesystem::is_character_file(place_));
  COMMONWAGE_PUT_DEVICE(place_, Device::kFull);
  ExpectRefused();
  EXPECT_TRUE(std::filesystem::is_character_file(place_));
}

TEST_P(KeptOutputTest, ADirectoryThatThisAccountMayNotWriteIn) {
  std::filesystem::permissions(marked_, std::filesystem::perms::owner_read |
                                            std::filesystem::perms::owner_exec);
  Arguments arguments = Make();
  if (geteuid() == 0) {
    arguments.insert(arguments.begin(),
                     {"setpriv", "--bounding-set=-dac_override"});
  }
  const ProgramResult result = testing::RunProgram(arguments);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("this account may not do so"));
}

TEST_P(KeptOutputTest, AKillAtEachSystemCall) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "SKIPPED: only root can look into a hardened program";
  }
  int call = 1;
  while (testing::RunAndKillAtCall(Make(), kMarker, call).killed) {
    if (std::filesystem::exists(place_)) {
      EXPECT_EQ(testing::RunProgram(Use()).exit_code, 0) << call;
      ExpectTidy();
    } else {
      ExpectMade(place_);
    }
    std::filesystem::remove(place_);
    ++call;
  }
  EXPECT_GE(call, 7);
}

INSTANTIATE_TEST_SUITE_P(Commands, KeptOutputTest,
                         ::testing::Values("recover", "admin", "issuer"),
                         [](const auto& row) { return row.param; });

// An office with a member whose letter is to be written.
class LettersOutputTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(marked_);
    ASSERT_EQ(Office({"init"}).exit_code, 0);
    ASSERT_EQ(Office({"members", "add", "M-17", "M-18"}).exit_code, 0);
  }
  [[nodiscard]] Arguments InOffice(Arguments arguments) const {
    arguments.insert(arguments.begin(),
                     COMMONWAGE_BIN_DIR "/commonwage-issuer");
    arguments.insert(arguments.end(), {"--data", directory_.File("office"),
                                       "--kek", directory_.File("kek")});
    return arguments;
  }
  [[nodiscard]] ProgramResult Office(const Arguments& arguments) const {
    return testing::RunProgram(InOffice(arguments));
  }
  [[nodiscard]] Arguments Letters() const {
    return InOffice({"members", "letters", "--again", "--out", place_,
                     "--office", "office.example:50061", "--until",
                     "2036-12-31"});
  }
  static size_t FilesIn(const std::string& path) {
    return static_cast<size_t>(
        std::distance(std::filesystem::directory_iterator(path), {}));
  }

  testing::TempDirectory directory_;
  const std::string marked_ = directory_.File(kMarker);
  const std::string place_ = marked_ + "/letters";
};

TEST_F(LettersOutputTest, WhateverIsThereIsLeftAsItIs) {
  std::ofstream(place_) << kOld;
  EXPECT_EQ(testing::RunProgram(Letters()).exit_code, 1);
  EXPECT_EQ(FileContents(place_), kOld);
  std::filesystem::remove(place_);
  COMMONWAGE_PUT_DEVICE(place_, Device::kNull);
  EXPECT_EQ(testing::RunProgram(Letters()).exit_code, 1);
  EXPECT_TRUE(std::filesystem::is_character_file(place_));
  std::filesystem::remove(place_);
  ASSERT_EQ(mkfifo(place_.c_str(), 0600), 0);
  EXPECT_EQ(testing::RunProgram(Letters()).exit_code, 1);
  EXPECT_TRUE(std::filesystem::is_fifo(place_));
  std::filesystem::remove(place_);
  std::filesystem::create_directory(place_);
  std::ofstream(place_ + "/mine") << kOld;
  EXPECT_EQ(testing::RunProgram(Letters()).exit_code, 1);
  EXPECT_EQ(FilesIn(place_), 1U);
  EXPECT_EQ(FilesIn(marked_), 1U);
}

TEST_F(LettersOutputTest, ADanglingLinkLeadsToThem) {
  std::filesystem::create_symlink("elsewhere", place_);
  EXPECT_EQ(testing::RunProgram(Letters()).exit_code, 0);
  EXPECT_EQ(FilesIn(marked_ + "/elsewhere"), 3U);
  EXPECT_TRUE(std::filesystem::is_symlink(place_));
}

TEST_F(LettersOutputTest, AKillAtEachSystemCall) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "SKIPPED: only root can look into a hardened program";
  }
  int call = 1;
  while (testing::RunAndKillAtCall(Letters(), kMarker, call).killed) {
    if (std::filesystem::exists(place_)) {
      EXPECT_EQ(FilesIn(place_), 3U) << call;
      std::filesystem::remove_all(place_);
    }
    const ProgramResult next = testing::RunProgram(Letters());
    EXPECT_EQ(next.exit_code, 0) << next.err;
    EXPECT_EQ(FilesIn(place_), 3U);
    EXPECT_EQ(FilesIn(marked_), 1U) << call;
    std::filesystem::remove_all(place_);
    ++call;
  }
  EXPECT_GE(call, 9);
}

}  // namespace
}  // namespace commonwage
