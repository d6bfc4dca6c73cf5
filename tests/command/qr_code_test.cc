// SPDX-License-Identifier: Apache-2.0
#include "command/qr_code.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::command {
namespace {

using ::testing::AllOf;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kMargin = 4;
constexpr size_t kFinder = 7;

QrCode CodeOf(const std::string& text) {
  const auto code = EncodeQr(text);
  EXPECT_OK(code);
  return *code;
}

// Whether a finder, which readers look for, is at the place: rings of 7, 5 and
// 3 modules.
bool HasFinderAt(const QrCode& code, size_t left, size_t top) {
  for (size_t i = 0; i < kFinder * kFinder; ++i) {
    const size_t x = i % kFinder;
    const size_t y = i / kFinder;
    const size_t ring = std::min({x, y, kFinder - 1 - x, kFinder - 1 - y});
    if (code.IsDark(left + x, top + y) != (ring != 1)) {
      return false;
    }
  }
  return true;
}

TEST(QrCodeTest, HasWhatReadersLookFor) {
  for (const size_t length : {size_t{1}, size_t{300}, size_t{2331}}) {
    const QrCode code = CodeOf(std::string(length, 'x'));
    ASSERT_EQ(code.dark.size(), code.width * code.width);
    EXPECT_EQ((code.width - 17) % 4, 0U);
    EXPECT_TRUE(HasFinderAt(code, 0, 0));
    EXPECT_TRUE(HasFinderAt(code, code.width - kFinder, 0));
    EXPECT_TRUE(HasFinderAt(code, 0, code.width - kFinder));
    EXPECT_FALSE(HasFinderAt(code, code.width - kFinder, code.width - kFinder));
  }
}

TEST(QrCodeTest, IsTheSameForTheSameTextAndForNoOther) {
  EXPECT_EQ(CodeOf("abc").dark, CodeOf("abc").dark);
  EXPECT_NE(CodeOf("abc").dark, CodeOf("abd").dark);
  // A zero is a byte like others.
  EXPECT_NE(CodeOf(std::string("a\0b", 3)).dark, CodeOf("a").dark);
}

TEST(QrCodeTest, WhatItCannotHoldIsRefused) {
  EXPECT_THAT(EncodeQr(""), HasReason(Reason::kQrTooLong));
  EXPECT_THAT(EncodeQr(std::string(2332, 'x')), HasReason(Reason::kQrTooLong));
}

// The light and dark modules that a terminal shows, margin included.
std::vector<bool> DarkOnTerminal(const std::string& blocks) {
  std::vector<bool> all;
  for (const auto line : absl::StrSplit(blocks, '\n', absl::SkipEmpty())) {
    std::vector<bool> lower;
    for (size_t i = 0; i < line.size();) {
      const size_t length = line[i] == ' ' ? 1 : 3;
      const auto block = line.substr(i, length);
      all.push_back(block == " " || block == "\u2584");
      lower.push_back(block == " " || block == "\u2580");
      i += length;
    }
    all.insert(all.end(), lower.begin(), lower.end());
  }
  return all;
}

// What is at a place that counts from the margin's corner.
bool IsDarkWithMargin(const QrCode& code, size_t x, size_t y) {
  const bool inside = x >= kMargin && y >= kMargin &&
                      x < kMargin + code.width && y < kMargin + code.width;
  return inside && code.IsDark(x - kMargin, y - kMargin);
}

TEST(QrCodeTest, TheTerminalShowsEveryModuleAndTheMargin) {
  const QrCode code = CodeOf("commonwage");
  const size_t side = code.width + 2 * kMargin;
  const std::vector<bool> shown = DarkOnTerminal(QrBlocks(code));
  ASSERT_EQ(shown.size(), side * (side + 1));
  for (size_t i = 0; i < side * side; ++i) {
    EXPECT_EQ(shown[i], IsDarkWithMargin(code, i % side, i / side)) << i;
  }
}

TEST(QrCodeTest, ThePictureDrawsEveryDarkModuleAndNeedsNothingElse) {
  const QrCode code = CodeOf("commonwage");
  const std::string svg = QrSvg(code);
  EXPECT_THAT(svg, AllOf(::testing::StartsWith("<svg "), HasSubstr("</svg>"),
                         Not(HasSubstr("<script")), Not(HasSubstr("href"))));
  const size_t side = code.width + 2 * kMargin;
  EXPECT_THAT(svg, HasSubstr(absl::StrCat("viewBox=\"0 0 ", side, " ", side)));
  // Runs of dark modules: "M6 4h7v1h-7z" is seven from the sixth column on.
  std::vector<bool> drawn(side * side);
  const std::string runs = svg.substr(svg.find(" d=\"") + 4);
  for (const auto run : absl::StrSplit(runs.substr(0, runs.find('"')), 'z')) {
    size_t x = 0;
    size_t y = 0;
    size_t length = 0;
    if (std::sscanf(std::string(run).c_str(), "M%zu %zuh%zuv1", &x, &y,
                    &length) == 3) {
      std::fill_n(drawn.begin() + static_cast<ptrdiff_t>(y * side + x), length,
                  true);
    }
  }
  for (size_t i = 0; i < side * side; ++i) {
    EXPECT_EQ(drawn[i], IsDarkWithMargin(code, i % side, i / side)) << i;
  }
}

}  // namespace
}  // namespace commonwage::command
