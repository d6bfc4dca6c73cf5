// SPDX-License-Identifier: Apache-2.0
// The subcommands of commonwage-admin. Each prints to standard output what it
// did; what it fails with is the caller's to report.

#ifndef COMMONWAGE_SERVER_ADMIN_COMMANDS_H_
#define COMMONWAGE_SERVER_ADMIN_COMMANDS_H_

#include "command/command_line.h"

namespace commonwage::server::admin {

// Adds "init", "round", "inbox", "release", "cancellation" and
// "rotate".
void AddAdminCommands(command::CommandLine& line);

// Adds "cancellation" alone.
void AddCancellationCommand(command::CommandLine& line);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_COMMANDS_H_
