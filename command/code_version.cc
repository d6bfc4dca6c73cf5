// SPDX-License-Identifier: Apache-2.0
#include "command/code_version.h"

namespace commonwage::command {

absl::string_view CodeVersion() { return COMMONWAGE_VERSION; }

}  // namespace commonwage::command
