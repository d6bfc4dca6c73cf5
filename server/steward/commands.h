// SPDX-License-Identifier: Apache-2.0
// The subcommands of commonwage-steward. Each prints to standard output what it
// did; what it fails with is the caller's to report.

#ifndef COMMONWAGE_SERVER_STEWARD_COMMANDS_H_
#define COMMONWAGE_SERVER_STEWARD_COMMANDS_H_

#include <CLI/App.hpp>

#include "command/command_line.h"

namespace commonwage::server::steward {

// Adds "plan new", "plan check" and "plan preview": they need no vault.
void AddPlanCommands(command::CommandLine& line);

// Adds "init", "round create", "round export", "round cancel", "publish",
// "status" and "key show".
void AddVaultCommands(command::CommandLine& line);

// Adds "publish" alone.
void AddPublishCommand(command::CommandLine& line);

// Adds "cancel" to the commands of "round".
void AddRoundCancel(command::CommandLine& line, CLI::App* round);

// Adds "invitation".
void AddInvitationCommand(command::CommandLine& line);

// Adds "passphrase change".
void AddPassphraseCommand(command::CommandLine& line);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_COMMANDS_H_
