// SPDX-License-Identifier: Apache-2.0
// commonwage-issuer: the union office's program: members, their codes, and
// credentials.

#include "command/command_line.h"
#include "server/issuer/key_commands.h"
#include "server/issuer/member_commands.h"
#include "server/issuer/office_commands.h"

int main(int argc, char** argv) {
  namespace issuer = commonwage::server::issuer;
  commonwage::command::CommandLine line(
      "commonwage-issuer",
      "Gives members of a union credentials that nobody can link to what they "
      "submit.");
  issuer::AddInitCommand(line);
  issuer::AddMemberCommands(line);
  issuer::AddKeyCommands(line);
  issuer::AddServeCommand(line);
  return line.Run(argc, argv);
}
