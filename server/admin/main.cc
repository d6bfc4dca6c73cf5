// SPDX-License-Identifier: Apache-2.0
// commonwage-admin: the operator's commands on the online host. Local only; the
// running server notices what they change.

#include "command/command_line.h"
#include "server/admin/commands.h"

int main(int argc, char** argv) {
  commonwage::command::CommandLine line(
      "commonwage-admin",
      "For the operator of an anonymous salary survey's online host");
  commonwage::server::admin::AddAdminCommands(line);
  return line.Run(argc, argv);
}
