// SPDX-License-Identifier: Apache-2.0
#include "command/times.h"

#include "absl/strings/str_cat.h"

#include "command/report.h"

namespace commonwage::command {

absl::StatusOr<std::optional<absl::Time>> ParseTimeOption(
    absl::string_view option, const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return WrongUse(absl::StrCat("--", option,
                                 " takes a time with its zone, such as "
                                 "2026-01-01T00:00:00Z."));
  }
  return time;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace commonwage::command
