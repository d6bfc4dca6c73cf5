// SPDX-License-Identifier: Apache-2.0
// Times as people give them to commands and read them from them.

#ifndef COMMONWAGE_COMMAND_TIMES_H_
#define COMMONWAGE_COMMAND_TIMES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace commonwage::command {

// Returns the time that `text`, such as "2026-01-01T00:00:00Z", says, or
// nullopt if it is empty. Fails with WrongUse, naming `option`.
absl::StatusOr<std::optional<absl::Time>> ParseTimeOption(
    absl::string_view option, const std::string& text);

// Returns `time` as RFC 3339 in UTC.
std::string TimeText(absl::Time time);

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_TIMES_H_
