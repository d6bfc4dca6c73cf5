// SPDX-License-Identifier: Apache-2.0
#include "client/cli/commands.h"

namespace commonwage::client::cli {

void AddCommands(command::CommandLine& program) {
  program.AddToFooter(
      "With --json, standard output is one message of the API "
      "(proto/commonwage/v1) as JSON.");
  AddRoundsCommand(program);
  AddReleasesCommand(program);
  AddJoinCommand(program);
  AddParticipationCommands(program);
  AddReceiptCommand(program);
  AddEnrolCommand(program);
  AddWalletCommands(program);
  AddStatisticsCommands(program);
  AddDownloadCommand(program);
  AddVerifyCommand(program);
}

}  // namespace commonwage::client::cli
