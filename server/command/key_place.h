// SPDX-License-Identifier: Apache-2.0
// A key-encryption key kept beside what it encrypts protects nothing.

#ifndef COMMONWAGE_SERVER_COMMAND_KEY_PLACE_H_
#define COMMONWAGE_SERVER_COMMAND_KEY_PLACE_H_

#include <filesystem>

#include "absl/status/status.h"

namespace commonwage::server::command {

// Fails as WrongUse if the file `kek` is, or would be, inside the directory
// `data`; links are followed.
absl::Status RefuseKeyInside(const std::filesystem::path& data,
                             const std::filesystem::path& kek);

}  // namespace commonwage::server::command

#endif  // COMMONWAGE_SERVER_COMMAND_KEY_PLACE_H_
