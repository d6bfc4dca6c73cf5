// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/list_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

constexpr absl::string_view kText = "member\nM\u00fcller\u20ac\n";

// `text`, of characters below U+10000, as UTF-16.
std::string Utf16(const std::u16string& text, bool big_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8U);
    const char low = static_cast<char>(unit & 0xffU);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

TEST(ListTextTest, Utf8IsTakenWithAndWithoutItsMark) {
  EXPECT_EQ(DecodeList(kText, "").value(), kText);
  EXPECT_EQ(DecodeList(absl::StrCat("\ufeff", kText), "").value(), kText);
  EXPECT_EQ(DecodeList(absl::StrCat("\ufeff", kText), "utf-8").value(), kText);
  EXPECT_EQ(DecodeList("", "").value(), "");
}

TEST(ListTextTest, Utf16IsKnownByItsMarkOrToldWithoutOne) {
  const std::u16string text = u"member\nM\u00fcller\u20ac\n";
  const std::string little = Utf16(text, /*big_endian=*/false);
  const std::string big = Utf16(text, /*big_endian=*/true);
  EXPECT_EQ(DecodeList(absl::StrCat("\xff\xfe", little), "").value(), kText);
  EXPECT_EQ(DecodeList(absl::StrCat("\xfe\xff", big), "").value(), kText);
  EXPECT_EQ(DecodeList(little, "utf-16le").value(), kText);
  EXPECT_EQ(DecodeList(big, "utf-16be").value(), kText);
  const auto unknown = DecodeList(little, "");
  EXPECT_THAT(unknown, HasReason(Reason::kListUnreadable));
  EXPECT_THAT(unknown.status().ToString(), HasSubstr("--encoding utf-16le"));
  // Half a character, and half a pair.
  EXPECT_THAT(DecodeList(absl::StrCat("\xff\xfe", little, "x"), ""),
              HasReason(Reason::kListUnreadable));
  EXPECT_THAT(
      DecodeList(absl::StrCat("\xff\xfe", Utf16(u"a\nb", false), "\x3d\xd8"),
                 "")
          .status()
          .ToString(),
      HasSubstr("Line 2"));
}

TEST(ListTextTest, AnOlderEncodingIsNeverGuessed) {
  const std::string latin1 = "member\r\nA\r\nM\xfcller\r\n";
  const auto unknown = DecodeList(latin1, "");
  EXPECT_THAT(unknown, HasReason(Reason::kListUnreadable));
  EXPECT_THAT(unknown.status().ToString(), HasSubstr("line 3"));
  EXPECT_THAT(unknown.status().ToString(), HasSubstr("--encoding latin1"));
  EXPECT_EQ(DecodeList(latin1, "latin1").value(),
            "member\r\nA\r\nM\u00fcller\r\n");
  EXPECT_EQ(DecodeList("\xa3\xf3", "windows-1250").value(), "\u0141\u00f3");
  EXPECT_EQ(DecodeList("\xc8\xe2\xe0\xed", "windows-1251").value(),
            "\u0418\u0432\u0430\u043d");
  EXPECT_EQ(DecodeList("O\x92Neil", "windows-1252").value(), "O\u2019Neil");
  // Which Latin-1 has no sign for.
  const auto windows = DecodeList("member\nO\x92Neil", "latin1");
  EXPECT_THAT(windows, HasReason(Reason::kListUnreadable));
  EXPECT_THAT(windows.status().ToString(), HasSubstr("windows-1252"));
}

TEST(ListTextTest, AFileThatSaysOtherwiseIsRefused) {
  EXPECT_THAT(DecodeList(kText, "latin1"), HasReason(Reason::kListUnreadable));
  EXPECT_THAT(DecodeList(absl::StrCat("\ufeff", kText), "latin1"),
              HasReason(Reason::kListUnreadable));
  EXPECT_THAT(DecodeList("\xff\xfe", "utf-8"),
              HasReason(Reason::kListUnreadable));
  EXPECT_THAT(DecodeList("M\xfcller", "utf-8"),
              HasReason(Reason::kListUnreadable));
  EXPECT_EQ(DecodeList("plain", "latin1").value(), "plain");
}

TEST(ListTextTest, EveryEncodingThatCanBeToldIsKnown) {
  for (const std::string& encoding : ListEncodings()) {
    EXPECT_OK(DecodeList("", encoding)) << encoding;
  }
}

TEST(ListTextTest, LinesAreCountedWhicheverWayTheyEnd) {
  for (const absl::string_view text : {"a\nb\nc", "a\rb\rc"}) {
    EXPECT_EQ(LineAt(text, 0), 1U);
    EXPECT_EQ(LineAt(text, 2), 2U);
    EXPECT_EQ(LineAt(text, 4), 3U);
  }
  EXPECT_EQ(LineAt("a\r\nb\r\nc", 3), 2U);
  EXPECT_EQ(LineAt("a\r\nb\r\nc", 6), 3U);
}

}  // namespace
}  // namespace commonwage::server::issuer
