// SPDX-License-Identifier: Apache-2.0
// The subcommands of `commonwage`. Each function adds some to the program.

#ifndef COMMONWAGE_CLIENT_CLI_COMMANDS_H_
#define COMMONWAGE_CLIENT_CLI_COMMANDS_H_

#include "client/cli/command_line.h"

namespace commonwage::client::cli {

void AddRoundsCommand(CommandLine& program);          // rounds
void AddReleasesCommand(CommandLine& program);        // releases
void AddJoinCommand(CommandLine& program);            // join
void AddParticipationCommands(CommandLine& program);  // submit amend withdraw
void AddReceiptCommand(CommandLine& program);         // receipt
void AddEnrolCommand(CommandLine& program);           // enrol
void AddWalletCommands(CommandLine& program);         // recover passphrase
void AddStatisticsCommands(CommandLine& program);     // stats compare trend
void AddDownloadCommand(CommandLine& program);        // download
void AddVerifyCommand(CommandLine& program);          // verify

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_COMMANDS_H_
