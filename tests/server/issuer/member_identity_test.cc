// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_identity.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

class MemberIdentityTest : public ::testing::Test {
 protected:
  [[nodiscard]] MemberIdentity Of(absl::string_view reference) const {
    return identifier_.Identify(reference).value();
  }
  [[nodiscard]] bool AreOne(absl::string_view a, absl::string_view b) const {
    return Of(a).key == Of(b).key;
  }
  [[nodiscard]] bool LookAlike(absl::string_view a, absl::string_view b) const {
    const MemberIdentity one = Of(a);
    const MemberIdentity other = Of(b);
    for (size_t i = 0; i < one.looks.size(); ++i) {
      if (one.looks[i] == other.looks[i]) {
        return true;
      }
    }
    return false;
  }

  const MemberIdentifier identifier_;
};

TEST_F(MemberIdentityTest, OneMemberIsOneHoweverSpelled) {
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"M-17", " M-17 "},
           {"M-17", "m-17"},
           {"M-17", "\u00a0M-17\u200b\ufeff"},
           {"Anna Bell", "anna  bell"},
           {"Anna Bell", "ANNA\u00a0BELL"},
           {"M\u00fcller", "Mu\u0308ller"},
           {"M\u00fcller", "M\u00dcLLER"},
           {"Stra\u00dfe", "STRASSE"},
           {"M17", "\uff2d\uff11\uff17"},
           {"\ufb01nn", "finn"},
           {"Anna", "An\u00adna"},
           {"\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
            "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c3"}}) {
    EXPECT_TRUE(AreOne(a, b)) << a << " " << b;
  }
}

TEST_F(MemberIdentityTest, TwoMembersAreTwo) {
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"M-17", "M-18"},
           {"M-17", "M17"},
           {"Anna Bell", "AnnaBell"},
           {"Muller", "M\u00fcller"},
           {"17", "017"}}) {
    EXPECT_FALSE(AreOne(a, b)) << a << " " << b;
  }
}

TEST_F(MemberIdentityTest, AReferenceIsKeptAsWrittenWithoutBlanksAtItsEnds) {
  EXPECT_EQ(Of("\u00a0Mu\u0308ller \t").reference, "Mu\u0308ller");
}

TEST_F(MemberIdentityTest, NumbersThatDifferByZerosOnlyAreFound) {
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"17", "0017"},
           {"M-017", "m-17"},
           {"0", "000"},
           {"3/007/12", "3/7/012"},
           {"17", "17.0"},
           {"17", "017,00"},
           {"12345", "12.345"},
           {"12045", "12 045"},
           {"12345", "12'345"},
           {"1234567", "1,234,567"},
           {"12345", "12\u202f345"},
           {"1000000", "1.000.000"},
           {"123", "\u0661\u0662\u0663"},
           {"M-42", "M-\u06f4\u06f2"}}) {
    EXPECT_EQ(Of(a).number, Of(b).number) << a << " " << b;
  }
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"17", "170"},
           {"101", "11"},
           {"1.5", "1"},
           {"17.01", "17"},
           {"0", "1"},
           {"12345", "12 34 5"},
           {"1234567", "1,234 567"},
           {"12345", "1234.5"}}) {
    EXPECT_NE(Of(a).number, Of(b).number) << a << " " << b;
  }
}

TEST_F(MemberIdentityTest, WhatLooksAlikeOnPaperIsFound) {
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"M0", "MO"},  // A digit for a letter.
           {"m0", "MO"},  // The same in small letters.
           {"AO17", "A017"},
           {"A1", "Al"},                // A digit for a small letter.
           {"A1", "AI"},                // And for a capital.
           {"AIl", "AlI"},              // One for the other, as written.
           {"M-17", "M\u201317"},       // Another dash.
           {"Anna", "\u0410nn\u0430"},  // Cyrillic.
           {"O'Neil", "O\u2019Neil"},
           {"corn", "com"}}) {
    EXPECT_TRUE(LookAlike(a, b)) << a << " " << b;
    EXPECT_FALSE(AreOne(a, b)) << a << " " << b;
  }
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"M1", "M2"}, {"Anna", "Hanna"}, {"M-17", "M17"}, {"18", "81"}}) {
    EXPECT_FALSE(LookAlike(a, b)) << a << " " << b;
  }
}

TEST_F(MemberIdentityTest, NoTwoNumbersLookAlike) {
  std::vector<std::string> looks;
  for (int i = 1; i < 5'000; ++i) {
    looks.push_back(Of(std::to_string(i)).looks.front());
  }
  std::sort(looks.begin(), looks.end());
  EXPECT_EQ(std::adjacent_find(looks.begin(), looks.end()), looks.end());
}

TEST_F(MemberIdentityTest, WhatCannotNameAMemberIsRefusedWithoutEcho) {
  const std::string longest(kMaxReferenceLength, 'x');
  EXPECT_OK(identifier_.Identify(longest));
  EXPECT_OK(identifier_.Identify("\u674e\u5c0f\u9f99"));
  for (const std::string& reference : {std::string(),
                                       std::string(" \u00a0"),
                                       std::string("\u200b"),
                                       longest + "x",
                                       std::string("zan\nzibar"),
                                       std::string("zan\tzibar"),
                                       std::string("zan\0zibar", 9),
                                       std::string("zanzibar\x7f") + "z",
                                       std::string("zanzibar\xff"),
                                       std::string("zanzibar\ufffd!"),
                                       std::string("zanzibar\ue000!"),
                                       std::string("zanzibar\u0378!"),
                                       std::string("1.23E+11"),
                                       std::string("1,2e+5"),
                                       std::string("3E+07"),
                                       std::string("#REF!"),
                                       std::string("#NAME?"),
                                       std::string("#N/A"),
                                       std::string("#NV"),
                                       std::string("#N/D"),
                                       std::string("Err:502"),
                                       std::string("12.000"),
                                       std::string("1,000"),
                                       std::string("#####")}) {
    const auto identity = identifier_.Identify(reference);
    EXPECT_THAT(identity, HasReason(Reason::kReferenceUnusable)) << reference;
    EXPECT_THAT(identity.status().ToString(), Not(HasSubstr("zanzibar")));
  }
  // These are references like any other.
  for (const char* reference :
       {"12E5", "E+7", "#17", "1.5", "1.5000", "Err:x"}) {
    EXPECT_OK(identifier_.Identify(reference));
  }
}

TEST(ColumnKeyTest, IsTheLettersAndDigitsOfAName) {
  EXPECT_EQ(ColumnKey(" Mitglieds-Nr. "), "mitgliedsnr");
  EXPECT_EQ(ColumnKey("MEMBER_ID"), "memberid");
  EXPECT_EQ(ColumnKey("Nu\u0301mero de socio"), "n\u00famerodesocio");
  EXPECT_EQ(ColumnKey("#"), "");
  EXPECT_EQ(ColumnKey("\xff"), "");
}

}  // namespace
}  // namespace commonwage::server::issuer
