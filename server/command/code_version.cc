// SPDX-License-Identifier: Apache-2.0
#include "server/command/code_version.h"

namespace commonwage::server::command {

absl::string_view CodeVersion() { return COMMONWAGE_VERSION; }

}  // namespace commonwage::server::command
