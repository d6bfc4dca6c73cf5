// SPDX-License-Identifier: Apache-2.0
// The commands of a union office on its members, as its admin runs them.

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::issuer {
namespace {

using ::testing::AllOf;
using testing::FileContents;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ProgramResult;
using ::testing::SizeIs;

class MemberCommandsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(
        testing::RunProgram({COMMONWAGE_BIN_DIR "/commonwage-issuer", "init",
                             "--data", File("office"), "--kek", File("kek")})
            .exit_code,
        0);
  }

  [[nodiscard]] std::string File(const std::string& name) const {
    return directory_.File(name);
  }
  [[nodiscard]] std::vector<std::string> Arguments(
      const std::vector<std::string>& words) const {
    std::vector<std::string> arguments = {
        COMMONWAGE_BIN_DIR "/commonwage-issuer", "members"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    arguments.insert(arguments.end(),
                     {"--data", File("office"), "--kek", File("kek")});
    return arguments;
  }
  [[nodiscard]] ProgramResult Run(const std::vector<std::string>& words) const {
    return testing::RunProgram(Arguments(words));
  }
  [[nodiscard]] ProgramResult Import(
      const std::string& list,
      const std::vector<std::string>& more = {}) const {
    std::ofstream(File("list.csv"), std::ios::trunc) << list;
    std::vector<std::string> words = {"import", File("list.csv")};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }
  // Members and their codes in a file of codes.
  [[nodiscard]] std::map<std::string, std::string> CodesIn(
      const std::string& path) const {
    std::map<std::string, std::string> codes;
    const std::string csv = FileContents(path).value_or("");
    for (const absl::string_view line :
         absl::StrSplit(csv, "\r\n", absl::SkipEmpty())) {
      const size_t comma = line.rfind(',');
      codes.emplace(line.substr(0, comma), line.substr(comma + 1));
    }
    codes.erase("member");
    return codes;
  }

  testing::TempDirectory directory_;
};

TEST_F(MemberCommandsTest, OneMemberIsOneHoweverListsSpellIt) {
  EXPECT_EQ(Import("Mitglied;Name\nM-17;x\nM-18;y\n").exit_code, 0);
  const ProgramResult again = Import("name,member\nx, m-17 \ny,M-18\nz,m-19\n");
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, HasSubstr("Members added: 1; on the roll already: 2"));
  EXPECT_EQ(Run({"export-codes", "--out", File("codes.csv")}).exit_code, 0);
  EXPECT_THAT(CodesIn(File("codes.csv")), SizeIs(3));

  const ProgramResult refused = Import("member\nM-17\nm-17 \n");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("line 3: \"m-17\""), HasSubstr("line 2")));
  EXPECT_EQ(Import("member\nM-O17\nM-017\n").exit_code, 1);
  EXPECT_EQ(Run({"remove", "m-18"}).exit_code, 0);
  EXPECT_EQ(Run({"remove", "m-018"}).exit_code, 1);
}

TEST_F(MemberCommandsTest, WhoLooksLikeAnotherIsAddedByName) {
  EXPECT_EQ(Run({"add", "AO17"}).exit_code, 0);
  const ProgramResult refused = Run({"add", "A017"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("A017"), HasSubstr("AO17"),
                                 HasSubstr("--distinct")));
  EXPECT_EQ(Run({"add", "A017", "--distinct"}).exit_code, 0);
  EXPECT_EQ(Import("member\nAO17\nA017\n").exit_code, 0);
}

TEST_F(MemberCommandsTest, AListInAnOlderEncodingIsReadOnceItIsSaidWhich) {
  const ProgramResult unknown = Import("member\nM\xfcller\n");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("--encoding"));
  EXPECT_EQ(Import("member\nM\xfcller\n", {"--encoding", "latin1"}).exit_code,
            0);
  EXPECT_THAT(Run({"list"}).out, HasSubstr("M\u00fcller"));
  EXPECT_EQ(Import("member\nx\n", {"--encoding", "klingon"}).exit_code, 2);
}

TEST_F(MemberCommandsTest, ASecondExportDestroysNothingAndWritesNothing) {
  ASSERT_EQ(Import("member\nm1\nm2\n").exit_code, 0);
  ASSERT_EQ(Run({"export-codes", "--out", File("codes.csv")}).exit_code, 0);
  const auto before = CodesIn(File("codes.csv"));
  ASSERT_THAT(before, SizeIs(2));
  const ProgramResult second =
      Run({"export-codes", "--out", File("codes.csv")});
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.out, HasSubstr("nothing was written"));
  EXPECT_THAT(second.out, HasSubstr("--again"));
  EXPECT_EQ(CodesIn(File("codes.csv")), before);

  EXPECT_EQ(
      Run({"export-codes", "--out", File("again.csv"), "--again"}).exit_code,
      0);
  EXPECT_EQ(CodesIn(File("again.csv")), before);
  EXPECT_EQ(Run({"export-codes", "--out", File("new.csv"), "--new"}).exit_code,
            2);
  EXPECT_EQ(
      Run({"export-codes", "--out", File("new.csv"), "--new", "--member", "M1"})
          .exit_code,
      0);
  const auto anew = CodesIn(File("new.csv"));
  ASSERT_THAT(anew, SizeIs(1));
  EXPECT_NE(anew.begin()->second, before.begin()->second);
}

TEST_F(MemberCommandsTest, ACodeIsNeverDrawnForAPlaceThatCannotBeWritten) {
  ASSERT_EQ(Import("member\nm1\n").exit_code, 0);
  EXPECT_EQ(Run({"export-codes", "--out", File("no/such")}).exit_code, 1);
  EXPECT_EQ(Run({"letters", "--out", File("no/such"), "--office", "a",
                 "--until", "2026-12-31"})
                .exit_code,
            1);
  EXPECT_THAT(Run({"list"}).out, HasSubstr("m1  without a code"));
}

TEST_F(MemberCommandsTest, AKillAtAnyMomentLosesNoCode) {
  constexpr int kKills = 12;
  std::map<std::string, std::string> written;
  for (int i = 0; i < kKills; ++i) {
    ASSERT_EQ(Run({"add", absl::StrCat("x", i + 10)}).exit_code, 0);
    const std::string out = File(absl::StrCat("codes", i));
    testing::RunningProgram program(
        Arguments({"export-codes", "--again", "--out", out}), File("errors"));
    absl::SleepFor(absl::Milliseconds(4) * i);
    program.Signal(SIGKILL);
    program.Wait();
    for (const auto& [member, code] : CodesIn(out)) {
      EXPECT_EQ(written.try_emplace(member, code).first->second, code);
    }
  }
  ASSERT_EQ(Run({"export-codes", "--again", "--out", File("all")}).exit_code,
            0);
  const auto all = CodesIn(File("all"));
  EXPECT_THAT(all, SizeIs(kKills));
  for (const auto& [member, code] : written) {
    EXPECT_EQ(all.at(member), code);
  }
}

TEST_F(MemberCommandsTest, LettersNameNoMemberInTheirFiles) {
  ASSERT_EQ(Import("member\nanna\n=1+1\n").exit_code, 0);
  const std::vector<std::string> letters = {
      "letters", "--out",      File("letters"), "--office", "a.example",
      "--until", "2026-12-31", "--language",    "de"};
  ASSERT_EQ(Run(letters).exit_code, 0);
  for (const auto& entry :
       std::filesystem::directory_iterator(File("letters"))) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("anna")));
  }
  const std::string first = FileContents(File("letters/0001.html")).value();
  const std::string second = FileContents(File("letters/0002.html")).value();
  EXPECT_THAT(first, HasSubstr("=1+1"));
  EXPECT_THAT(second, AllOf(HasSubstr("anna"), HasSubstr("31. Dezember 2026")));

  const ProgramResult again = Run(letters);
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, HasSubstr("nothing was written"));
  std::vector<std::string> repeat = letters;
  repeat.emplace_back("--again");
  EXPECT_EQ(Run(repeat).exit_code, 1);
  EXPECT_EQ(FileContents(File("letters/0002.html")).value(), second);
  // The same codes as the CSV has.
  ASSERT_EQ(Run({"export-codes", "--again", "--out", File("c")}).exit_code, 0);
  EXPECT_THAT(second, HasSubstr(CodesIn(File("c")).at("\"anna\"")));
  EXPECT_EQ(
      Run({"letters", "--out", File("x"), "--office", "a", "--until", "soon"})
          .exit_code,
      2);
}

}  // namespace
}  // namespace commonwage::server::issuer
