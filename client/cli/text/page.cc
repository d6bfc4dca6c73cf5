// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/page.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace commonwage::client::cli {
namespace {

// Beyond this, a line is harder to follow than two.
constexpr size_t kWidestPage = 1000;

absl::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

size_t WidthOfOutput() {
  size_t width = 0;
  if (absl::SimpleAtoi(Variable("COLUMNS"), &width) && width > 0) {
    return width;
  }
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return Page().width;
}

// The attribute of a tone: colours that light and dark terminals both show.
absl::string_view AttributeOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "32";
    case Tone::kFair:
      return "33";
    case Tone::kPoor:
      return "31";
    case Tone::kStrong:
      return "1";
    default:
      return "2";
  }
}

}  // namespace

Page PageOfOutput() {
  Page page;
  page.width = std::clamp(WidthOfOutput(), kNarrowestPage, kWidestPage);
  page.colour = isatty(STDOUT_FILENO) == 1 && Variable("NO_COLOR").empty() &&
                Variable("TERM") != "dumb";
  return page;
}

std::string Toned(absl::string_view text, Tone tone, const Page& page) {
  return page.colour && !text.empty()
             ? absl::StrCat("\x1b[", AttributeOf(tone), "m", text, "\x1b[0m")
             : std::string(text);
}

}  // namespace commonwage::client::cli
