// SPDX-License-Identifier: Apache-2.0
// The subcommands of `commonwage`. Each function adds some to the program.

#ifndef COMMONWAGE_CLIENT_CLI_COMMANDS_H_
#define COMMONWAGE_CLIENT_CLI_COMMANDS_H_

#include "command/command_line.h"

namespace commonwage::client::cli {

// Adds all of them, and what --help says of --json.
void AddCommands(command::CommandLine& program);

void AddRoundsCommand(command::CommandLine& program);    // rounds
void AddReleasesCommand(command::CommandLine& program);  // releases
void AddJoinCommand(command::CommandLine& program);      // join
void AddParticipationCommands(
    command::CommandLine& program);                     // submit amend withdraw
void AddReceiptCommand(command::CommandLine& program);  // receipt
void AddEnrolCommand(command::CommandLine& program);    // enrol
void AddWalletCommands(command::CommandLine& program);  // recover passphrase
void AddStatisticsCommands(
    command::CommandLine& program);                      // stats compare trend
void AddDownloadCommand(command::CommandLine& program);  // download
void AddVerifyCommand(command::CommandLine& program);    // verify

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_COMMANDS_H_
