// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_list.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "server/issuer/member_identity.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class MemberListTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<ListedMember>> Read(
      absl::string_view list, const ListOptions& options = {}) const {
    return ReadMemberList(list, options, identifier_);
  }
  [[nodiscard]] std::vector<std::string> ReferencesIn(
      absl::string_view list, const ListOptions& options = {}) const {
    std::vector<std::string> references;
    const auto members = Read(list, options);
    EXPECT_OK(members);
    if (members.ok()) {
      for (const ListedMember& member : *members) {
        references.push_back(member.identity.reference);
      }
    }
    return references;
  }
  // The places of all faults.
  [[nodiscard]] std::vector<std::string> FaultsIn(
      absl::string_view list) const {
    std::vector<std::string> places;
    const absl::Status status = Read(list).status();
    EXPECT_THAT(status, HasReason(Reason::kMemberListFaulty));
    for (const Fault& fault : FaultsOf(status)) {
      places.push_back(fault.place);
    }
    return places;
  }

  const MemberIdentifier identifier_;
};

TEST_F(MemberListTest, TakesTheMemberColumnOfWhatSpreadsheetsWrite) {
  EXPECT_THAT(
      ReferencesIn(
          "\xef\xbb\xbfname,member\r\n\"A, B\",1\r\nC,\"2\"\r\n\r\n,\r\n"),
      ElementsAre("1", "2"));
  EXPECT_THAT(ReferencesIn("member\n\"a\"\"b\"\n"), ElementsAre("a\"b"));
  EXPECT_THAT(ReferencesIn("member\n"), IsEmpty());
  EXPECT_THAT(ReferencesIn("member"), IsEmpty());
}

TEST_F(MemberListTest, TakesWhateverSeparatesCellsAndEndsLines) {
  for (const char* separator : {",", ";", "\t"}) {
    for (const char* end : {"\n", "\r\n", "\r"}) {
      const std::string list =
          absl::StrReplaceAll("Name|Member|Town\n\"x|\ny\"|1|\nz|2|t\n",
                              {{"|", separator}, {"\n", end}});
      EXPECT_THAT(ReferencesIn(list), ElementsAre("1", "2")) << list;
    }
  }
}

TEST_F(MemberListTest, TakesUtf16AsItIsSavedAsText) {
  std::string list = "\xff\xfe";
  for (const char c : std::string("Nr\tMitglied\r\n1\tA-1\r\n")) {
    list += c;
    list += '\0';
  }
  EXPECT_THAT(ReferencesIn(list), ElementsAre("A-1"));
}

TEST_F(MemberListTest, KnowsTheColumnInAnyCaseAndPlaceAndSomeLanguages) {
  for (const char* name :
       {"member", "MEMBER", " Member ", "\"Member ID\"", "member_no.", "id",
        "Mitglied", "Mitglieds-Nr.", "MITGLIEDSNUMMER",
        "Nume\u0301ro d\u2019adh\u00e9rent", "N\u00ba de socio", "lidnummer"}) {
    EXPECT_THAT(ReferencesIn(absl::StrCat("a,", name, ",b\nx,1,y\n")),
                ElementsAre("1"))
        << name;
  }
}

TEST_F(MemberListTest, AColumnThatIsNotKnownOrNotOneIsRefusedAndCanBeTold) {
  for (const char* list : {"", "name\nA\n", "17\n18\n", "first,last\nA,B\n",
                           "Mitglied;id\nA;1\n", "member,member\n1,2\n"}) {
    const auto read = Read(list);
    EXPECT_THAT(read, HasReason(Reason::kMemberColumnUnknown)) << list;
    EXPECT_THAT(read.status().ToString(), HasSubstr("--column"));
  }
  EXPECT_THAT(Read("Mitglied;id\nA;1\n").status().ToString(),
              HasSubstr("\"Mitglied\", \"id\""));
  EXPECT_THAT(
      ReferencesIn("Mitglied;id\nA;1\n", {.column = "ID", .encoding = ""}),
      ElementsAre("1"));
  EXPECT_THAT(ReferencesIn("#;name\n1;A\n", {.column = "#", .encoding = ""}),
              ElementsAre("1"));
  EXPECT_THAT(Read("member\n1\n", {.column = "nr", .encoding = ""}),
              HasReason(Reason::kMemberColumnUnknown));
  // A separator that fits either way.
  EXPECT_THAT(Read("member,id;name\n1,2;3\n"),
              HasReason(Reason::kMemberColumnUnknown));
}

TEST_F(MemberListTest, NothingIsGluedDroppedOrGuessed) {
  // A comma of which nobody knows whether it separates.
  EXPECT_THAT(FaultsIn("member\nBell, Anna\n"), ElementsAre("line 2"));
  EXPECT_THAT(ReferencesIn("member\n\"Bell, Anna\"\n"),
              ElementsAre("Bell, Anna"));
  EXPECT_THAT(ReferencesIn("sep=;\r\nmember\r\nBell, Anna\r\n"),
              ElementsAre("Bell, Anna"));
  EXPECT_THAT(ReferencesIn("member;x\nBell, Anna;1\n"),
              ElementsAre("Bell, Anna"));
  EXPECT_THAT(FaultsIn("member,x\na,b,c\n"), ElementsAre("line 2"));
  EXPECT_THAT(ReferencesIn("member,x\na,b,,\nc\n"), ElementsAre("a", "c"));
  EXPECT_THAT(FaultsIn("member\nx \"\"y\n"), ElementsAre("line 2"));
  EXPECT_THAT(FaultsIn("member\n\"a\"b\n"), ElementsAre("line 2"));
  EXPECT_THAT(FaultsIn("member,x\n\"two\nlines\",1\n,2\n"),
              ElementsAre("line 2", "line 4"));
  EXPECT_THAT(Read("member\nM\xfcller\n"), HasReason(Reason::kListUnreadable));
  EXPECT_THAT(
      ReferencesIn("member\nM\xfcller\n", {.column = "", .encoding = "latin1"}),
      ElementsAre("M\u00fcller"));
}

TEST_F(MemberListTest, NamesFaultyLinesWithoutTheirContent) {
  const auto result =
      Read(absl::StrCat("member,x\n", "good,1\n", "good\u0001,2\n", ",3\n",
                        std::string(65, 'z'), ",4\n", "1.2E+9,5\n"));
  EXPECT_THAT(result, HasReason(Reason::kMemberListFaulty));
  std::vector<std::string> places;
  for (const Fault& fault : FaultsOf(result.status())) {
    places.push_back(fault.place);
    EXPECT_THAT(fault.sentence, Not(HasSubstr("good")));
    EXPECT_THAT(fault.sentence, Not(HasSubstr("zzz")));
  }
  EXPECT_THAT(places, ElementsAre("line 3", "line 4", "line 5", "line 6"));
}

TEST_F(MemberListTest, NoisePutsNothingOutOfOrder) {
  testing::SeededRandom random(7);
  for (int i = 0; i < 3'000; ++i) {
    std::string csv = random.Below(2) == 0 ? "member\n" : "x;member\n";
    const uint64_t length = random.Below(40);
    for (uint64_t j = 0; j < length; ++j) {
      csv += "ab0\"\",;\t\r\n\0\xff'=-"[random.Below(16)];
    }
    const auto result = Read(csv);
    if (result.ok()) {
      for (const ListedMember& member : *result) {
        EXPECT_OK(identifier_.Identify(member.identity.reference));
      }
    } else {
      EXPECT_NE(ReasonOf(result.status()), Reason::kUnknown);
    }
  }
}

TEST_F(MemberListTest, CodesAreWrittenForASpreadsheet) {
  const LetterCode code{"a\"b", "0000-000-0000-000"};
  EXPECT_EQ(WriteCodeList({code}),
            "member,code\r\n\"a\"\"b\",0000-000-0000-000\r\n");
  // What is not ASCII needs the mark, or a spreadsheet takes it for Latin-1.
  EXPECT_THAT(WriteCodeList({{"M\u00fcller", "0000-000-0000-000"}}),
              ::testing::StartsWith("\xef\xbb\xbfmember,code\r\n"));
}

TEST_F(MemberListTest, NoCellOfAListOfCodesBeginsAFormula) {
  const std::vector<std::string> references = {
      "=2+5",        "=HYPERLINK(\"http://x\",\"y\")",
      "+4917012345", "-17",
      "@SUM(A1)",    "'=2+5",
      "''-1",        "\uff1d2+5",
      "\uff0d1",     "O'Neil",
      "'quoted'",    "a=b",
      "M;=1+1",      "|calc"};
  std::vector<LetterCode> codes;
  for (const std::string& reference : references) {
    codes.push_back({reference, "0000-000-0000-000"});
  }
  const std::string csv = WriteCodeList(codes);
  for (const char* begin :
       {"\"=", "\"+", "\"-", "\"@", "\"\uff1d", "\"\uff0d", "\n=", ",="}) {
    EXPECT_THAT(csv, Not(HasSubstr(absl::StrCat("\r\n", begin)))) << begin;
  }
  EXPECT_THAT(csv, HasSubstr("\r\n\"'=2+5\","));
  EXPECT_THAT(csv, HasSubstr("\r\n\"O'Neil\","));
  // And our own reader gives back what was there.
  EXPECT_EQ(ReferencesIn(csv), references);
}

}  // namespace
}  // namespace commonwage::server::issuer
