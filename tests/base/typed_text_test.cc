// SPDX-License-Identifier: Apache-2.0
#include "base/typed_text.h"

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commonwage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TypedTextTest, EveryCharacterIsWrittenAndReadBack) {
  for (char32_t character = 0; character < 0x110000; ++character) {
    if (character >= 0xd800 && character < 0xe000) {
      continue;
    }
    std::string text;
    AppendCharacter(character, text);
    absl::string_view rest = text;
    ASSERT_EQ(TakeCharacter(rest), character);
    ASSERT_TRUE(rest.empty());
  }
}

TEST(TypedTextTest, WhatIsNotUtf8IsLeftAsItStands) {
  // Cut off, a tail alone, longer than need be, a surrogate, beyond the last.
  for (const char* text :
       {"\xc3", "\xa9", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
        "\xf4\x90\x80\x80", "\xff", "\xfe"}) {
    absl::string_view rest = text;
    EXPECT_EQ(TakeCharacter(rest), std::nullopt);
    EXPECT_EQ(rest, text);
    EXPECT_FALSE(IsUtf8(text));
  }
  EXPECT_TRUE(IsUtf8("z\u00fcrich \U0001f600"));
}

TEST(TypedTextTest, CountsCharactersAndNotBytes) {
  EXPECT_EQ(CountCharacters(""), 0U);
  EXPECT_EQ(CountCharacters("z\u00fcrich"), 6U);
  EXPECT_EQ(CountCharacters("a\xff\xff"), 3U);
}

TEST(TypedTextTest, BlanksAndDashesAreThoseOfUnicode) {
  for (const char32_t blank :
       U" \t\r\n\u00a0\u2003\u2009\u202f\u3000\u200b"
       U"\ufeff\u2028") {
    EXPECT_TRUE(IsBlank(blank) || blank == 0) << std::hex << size_t{blank};
    EXPECT_FALSE(IsDash(blank));
  }
  for (const char32_t dash :
       U"-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
       U"\ufe63\uff0d") {
    EXPECT_TRUE(IsDash(dash) || dash == 0) << std::hex << size_t{dash};
    EXPECT_FALSE(IsBlank(dash));
  }
  for (const char32_t letter : U"aZ09_\u00e4\u4e00") {
    EXPECT_FALSE(IsBlank(letter) || IsDash(letter));
  }
}

TEST(TypedTextTest, WideFormsAreThoseOfAscii) {
  EXPECT_EQ(NarrowForm(U'\uff21'), U'A');
  EXPECT_EQ(NarrowForm(U'\uff5e'), U'~');
  EXPECT_EQ(NarrowForm(U'\u00e4'), U'\u00e4');
}

TEST(TypedTextTest, TrimsTheEndsAlone) {
  EXPECT_EQ(TrimTyped("\ufeff\u00a0 one two\r\n\u200b"), "one two");
  EXPECT_EQ(TrimTyped("\xff \xff"), "\xff \xff");
  EXPECT_EQ(TrimTyped(" \t"), "");
  EXPECT_EQ(TrimTyped(""), "");
}

TEST(TypedTextTest, SplitsWhereToldAndLeavesNothingEmpty) {
  EXPECT_THAT(SplitTyped("\ufeff one\u00a0two\r\n\r\nthr\xff"
                         "ee ",
                         IsBlank),
              ElementsAre("one", "two",
                          "thr\xff"
                          "ee"));
  EXPECT_THAT(SplitTyped("", IsBlank), IsEmpty());
  EXPECT_THAT(SplitTyped(" \n", IsBlank), IsEmpty());
}

}  // namespace
}  // namespace commonwage
