// SPDX-License-Identifier: Apache-2.0
// The version of these programs, as manifests, releases and --version name it.

#ifndef COMMONWAGE_COMMAND_CODE_VERSION_H_
#define COMMONWAGE_COMMAND_CODE_VERSION_H_

#include "absl/strings/string_view.h"

namespace commonwage::command {

// Returns an identifier, such as "0.1.0".
absl::string_view CodeVersion();

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_CODE_VERSION_H_
