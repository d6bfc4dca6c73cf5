// SPDX-License-Identifier: Apache-2.0
// The union office's commands on members, their codes and their letters.

#ifndef COMMONWAGE_SERVER_ISSUER_MEMBER_COMMANDS_H_
#define COMMONWAGE_SERVER_ISSUER_MEMBER_COMMANDS_H_

#include "command/command_line.h"

namespace commonwage::server::issuer {

// Adds `members add`, `import`, `remove`, `list`, `export-codes` and `letters`.
void AddMemberCommands(command::CommandLine& line);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_MEMBER_COMMANDS_H_
