// SPDX-License-Identifier: Apache-2.0
// commonwage-steward: decides what may be asked and published, holds the keys,
// and publishes. It never opens a socket.

#include "command/command_line.h"
#include "server/steward/commands.h"

int main(int argc, char** argv) {
  commonwage::command::CommandLine line(
      "commonwage-steward",
      "For the steward of an anonymous salary survey: plans, rounds, releases");
  commonwage::server::steward::AddPlanCommands(line);
  commonwage::server::steward::AddVaultCommands(line);
  commonwage::server::steward::AddInvitationCommand(line);
  commonwage::server::steward::AddPassphraseCommand(line);
  return line.Run(argc, argv);
}
