// SPDX-License-Identifier: Apache-2.0
#include "command/progress.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_format.h"

namespace commonwage::command {
namespace {

constexpr int kBarWidth = 40;

}  // namespace

ProgressStyle ProgressStyleOf(bool wanted) {
  if (isatty(STDERR_FILENO) == 1) {
    return ProgressStyle::kBar;
  }
  return wanted ? ProgressStyle::kLines : ProgressStyle::kNone;
}

Progress::~Progress() {
  if (style_ == ProgressStyle::kBar && shown_percent_ >= 0) {
    out_ << "\n" << std::flush;
  }
}

void Progress::Show(uint64_t done, uint64_t total) {
  const double share =
      total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
  const int percent = std::clamp(static_cast<int>(share * 100.0), 0, 100);
  const int step = style_ == ProgressStyle::kBar ? 1 : 10;
  const bool moved =
      shown_percent_ < 0 || percent / step != shown_percent_ / step;
  if (style_ == ProgressStyle::kNone || !moved) {
    return;
  }
  shown_percent_ = percent;
  if (style_ == ProgressStyle::kLines) {
    out_ << absl::StreamFormat("%s: %d %%\n", label_, percent) << std::flush;
    return;
  }
  const int filled = percent * kBarWidth / 100;
  out_ << absl::StreamFormat(
              "\r%s [%s%s] %3d %%", label_,
              std::string(static_cast<size_t>(filled), '#'),
              std::string(static_cast<size_t>(kBarWidth - filled), '.'),
              percent)
       << std::flush;
}

}  // namespace commonwage::command
