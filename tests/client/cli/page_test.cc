// SPDX-License-Identifier: Apache-2.0
// How wide a page is, how wide characters are, and when there is colour.

#include "client/cli/text/page.h"

#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/text/columns.h"

namespace commonwage::client::cli {
namespace {

using ::testing::HasSubstr;

// Returns "WIDTH COLOUR" as a program says it whose standard output is a
// terminal of 63 columns, after `change` has set its environment.
template <typename Change>
std::string SaidOnTerminal(const Change& change) {
  winsize size = {};
  size.ws_col = 63;
  size.ws_row = 24;
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    unsetenv("COLUMNS");
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    change();
    const Page page = PageOfOutput();
    const std::string said =
        absl::StrCat(page.width, page.colour ? " colour" : " plain");
    _exit(write(STDOUT_FILENO, said.data(), said.size()) ==
                  static_cast<ssize_t>(said.size())
              ? 0
              : 1);
  }
  std::string said;
  std::array<char, 64> buffer = {};
  for (ssize_t got = 0;
       (got = read(terminal, buffer.data(), buffer.size())) > 0;) {
    said.append(buffer.data(), static_cast<size_t>(got));
  }
  close(terminal);
  int state = 0;
  waitpid(child, &state, 0);
  EXPECT_EQ(state, 0);
  return said;
}

TEST(PageTest, IsAsWideAsItsTerminalUnlessColumnsSays) {
  EXPECT_EQ(SaidOnTerminal([] {}), "63 colour");
  EXPECT_EQ(SaidOnTerminal([] { setenv("COLUMNS", "72", 1); }), "72 colour");
  EXPECT_EQ(SaidOnTerminal([] { setenv("COLUMNS", "3", 1); }), "40 colour");
  for (const char* senseless : {"", "0", "-5", "wide"}) {
    EXPECT_EQ(SaidOnTerminal([&] { setenv("COLUMNS", senseless, 1); }),
              "63 colour")
        << senseless;
  }
}

TEST(PageTest, HasColourOnATerminalUnlessToldNot) {
  EXPECT_EQ(SaidOnTerminal([] { setenv("NO_COLOR", "1", 1); }), "63 plain");
  EXPECT_EQ(SaidOnTerminal([] { setenv("NO_COLOR", "", 1); }), "63 colour");
  EXPECT_EQ(SaidOnTerminal([] { setenv("TERM", "dumb", 1); }), "63 plain");
}

TEST(PageTest, AFileHasNoColourAnd80Columns) {
  ::testing::internal::CaptureStdout();
  unsetenv("COLUMNS");
  const Page page = PageOfOutput();
  ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(page.width, 80U);
  EXPECT_FALSE(page.colour);
}

TEST(PageTest, ATonePutsNothingOnAPageWithoutColour) {
  EXPECT_EQ(Toned("good", Tone::kGood, {80, false}), "good");
  EXPECT_EQ(Toned("good", Tone::kGood, {80, true}), "\x1b[32mgood\x1b[0m");
  EXPECT_EQ(Toned("", Tone::kGood, {80, true}), "");
}

TEST(ColumnsTest, CountsWhatATerminalShows) {
  EXPECT_EQ(Columns(""), 0U);
  EXPECT_EQ(Columns("abc"), 3U);
  EXPECT_EQ(Columns("– …"), 3U);
  EXPECT_EQ(Columns("配達"), 4U);       // Two ideographs.
  EXPECT_EQ(Columns("e\u0301"), 1U);    // A letter and a combining accent.
  EXPECT_EQ(Columns("\xff\xfe"), 2U);   // No characters.
  EXPECT_EQ(Columns("a\xe2\x82"), 3U);  // One that is cut off.
  EXPECT_EQ(Columns("\x01"), 0U);       // A control.
  EXPECT_EQ(PadRight("配達", 6), "配達  ");
  EXPECT_EQ(PadLeft("e\u0301", 2), " e\u0301");
}

TEST(FoldedTest, BreaksAtBlanksAndCountsCharacters) {
  EXPECT_EQ(Folded(""), "\n");
  EXPECT_EQ(Folded("a b", "  "), "  a b\n");
  const std::string word(50, 'x');
  EXPECT_EQ(Folded(word + " " + word, " "), " " + word + "\n " + word + "\n");
  std::string wide;
  for (int i = 0; i < 40; ++i) {
    wide += "– ";
  }
  EXPECT_EQ(Columns(wide), kTextWidth);
  EXPECT_EQ(Folded(wide), wide.substr(0, wide.size() - 1) + "\n");
}

TEST(FoldedTest, ObeysANarrowPageAndStaysReadableOnAWideOne) {
  EXPECT_EQ(Folded("aaaa bbbb cccc", "", 9), "aaaa bbbb\ncccc\n");
  const std::string word(50, 'x');
  EXPECT_THAT(Folded(word + " " + word, "", 200), HasSubstr("x\nx"));
}

}  // namespace
}  // namespace commonwage::client::cli
