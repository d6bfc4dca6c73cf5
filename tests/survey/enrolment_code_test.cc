// SPDX-License-Identifier: Apache-2.0
#include "survey/enrolment_code.h"

#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/typed_text.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::HasReason;
using testing::SeededRandom;

TEST(EnrolmentCodeTest, HasAtLeastSixtyRandomBits) {
  EXPECT_GE(static_cast<double>(kEnrolmentRandomCharacters) *
                std::log2(static_cast<double>(kEnrolmentAlphabet.size())),
            60.0);
  SeededRandom random(1);
  std::set<std::string> codes;
  for (int i = 0; i < 2000; ++i) {
    codes.insert(DrawEnrolmentCode(random));
  }
  EXPECT_EQ(codes.size(), 2000U);
}

TEST(EnrolmentCodeTest, IsReadAsPeopleTypeIt) {
  SeededRandom random(2);
  for (int i = 0; i < 200; ++i) {
    const std::string code = DrawEnrolmentCode(random);
    const std::string printed = FormatEnrolmentCode(code);
    EXPECT_EQ(printed.size(), 17U);
    EXPECT_EQ(ParseEnrolmentCode(printed).value(), code);
    EXPECT_EQ(ParseEnrolmentCode(absl::AsciiStrToLower(code)).value(), code);
    EXPECT_EQ(ParseEnrolmentCode(absl::StrCat(" ", printed, "\n")).value(),
              code);
    std::string lookalike = code;
    for (char& c : lookalike) {
      c = c == '0' ? 'o' : c == '1' ? 'l' : c;
    }
    EXPECT_EQ(ParseEnrolmentCode(lookalike).value(), code);
  }
}

TEST(EnrolmentCodeTest, IsReadWithWhateverDashBlankAndWidthAMachineMadeOfIt) {
  SeededRandom random(4);
  const std::string code = DrawEnrolmentCode(random);
  for (const char* dash :
       {"-", "", " ", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212",
        "\uff0d", "\u00a0", "\u202f", "\u200b", "\u00ad", " \u2013 ", "\r\n"}) {
    EXPECT_EQ(ParseEnrolmentCode(absl::StrCat("\ufeff", code.substr(0, 4), dash,
                                              code.substr(4, 3), dash,
                                              code.substr(7, 4), dash,
                                              code.substr(11), "\u3000"))
                  .value(),
              code);
  }
  std::string wide;
  for (const char c : code) {
    AppendCharacter(U'\uff01' + static_cast<char32_t>(c - '!'), wide);
  }
  EXPECT_EQ(ParseEnrolmentCode(wide).value(), code);
}

TEST(EnrolmentCodeTest, EveryWrongCharacterAndEverySwapIsFound) {
  SeededRandom random(3);
  for (int i = 0; i < 20; ++i) {
    const std::string code = DrawEnrolmentCode(random);
    for (size_t at = 0; at < code.size(); ++at) {
      for (const char other : kEnrolmentAlphabet) {
        std::string wrong = code;
        wrong[at] = other;
        EXPECT_EQ(ParseEnrolmentCode(wrong).ok(), other == code[at]);
      }
      for (size_t with = 0; with < at; ++with) {
        std::string swapped = code;
        std::swap(swapped[at], swapped[with]);
        EXPECT_EQ(ParseEnrolmentCode(swapped).ok(), swapped == code);
      }
    }
  }
}

TEST(EnrolmentCodeTest, WhatIsNoCodeIsRefusedWithoutEcho) {
  for (const std::string& typed :
       {std::string(), std::string("0"), std::string(13, '0'),
        std::string(15, '0'), std::string("0000-000-0000-00U"),
        std::string("\0\xff", 2), std::string("\u0410000-000-0000-000"),
        std::string(100000, 'A')}) {
    const auto result = ParseEnrolmentCode(typed);
    EXPECT_THAT(result, HasReason(Reason::kCodeMistyped));
    EXPECT_LT(result.status().message().size(), 120U);
  }
}

}  // namespace
}  // namespace commonwage
