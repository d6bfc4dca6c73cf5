// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_list.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(MemberListTest, TakesTheMemberColumnOfWhatSpreadsheetsWrite) {
  EXPECT_THAT(ParseMemberList(
                  "\xef\xbb\xbfname,member\r\n\"A, B\",1\r\nC,\"2\"\r\n\r\n")
                  .value(),
              ElementsAre("1", "2"));
  EXPECT_THAT(ParseMemberList("member\nx \"\"y").value(), ElementsAre("x y"));
  EXPECT_THAT(ParseMemberList("member\n\"a\"\"b\"\n").value(),
              ElementsAre("a\"b"));
  EXPECT_THAT(ParseMemberList("member\n").value(), ElementsAre());
}

TEST(MemberListTest, NamesFaultyLinesWithoutTheirContent) {
  const auto result =
      ParseMemberList(absl::StrCat("member,x\n", "good,1\n", "good,2\n", ",3\n",
                                   std::string(65, 'z'), ",4\n", "\"tail"));
  EXPECT_THAT(result, HasReason("MEMBER_LIST_FAULTY"));
  std::vector<std::string> places;
  for (const Fault& fault : FaultsOf(result.status())) {
    places.push_back(fault.place);
    EXPECT_THAT(fault.sentence, Not(HasSubstr("good")));
  }
  EXPECT_THAT(places, ElementsAre("line 3", "line 4", "line 5", "line 6"));
}

TEST(MemberListTest, AListWithoutTheColumnIsRefused) {
  for (const char* csv : {"", "name\nA\n", "\"member\n", "Member\nA"}) {
    EXPECT_THAT(ParseMemberList(csv), HasReason("MEMBER_LIST_FAULTY"));
  }
}

TEST(MemberListTest, NoisePutsNothingOutOfOrder) {
  testing::SeededRandom random(7);
  for (int i = 0; i < 3'000; ++i) {
    std::string csv = "member\n";
    const uint64_t length = random.Below(40);
    for (uint64_t j = 0; j < length; ++j) {
      csv += "ab\",\r\n\0\xff"[random.Below(9)];
    }
    const auto result = ParseMemberList(csv);
    if (result.ok()) {
      for (const std::string& reference : *result) {
        EXPECT_TRUE(IsMemberReference(reference));
      }
    } else {
      EXPECT_FALSE(FaultsOf(result.status()).empty());
    }
  }
}

TEST(MemberListTest, CodesAreWrittenForASpreadsheet) {
  const NewCode code{"a\"b", "0000-000-0000-000"};
  EXPECT_EQ(WriteCodeList({code}),
            "member,code\r\n\"a\"\"b\",0000-000-0000-000\r\n");
}

}  // namespace
}  // namespace commonwage::server::issuer
