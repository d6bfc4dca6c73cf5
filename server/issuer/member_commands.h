// SPDX-License-Identifier: Apache-2.0
// The union office's commands on members, their codes and their letters.

#ifndef COMMONWAGE_SERVER_ISSUER_MEMBER_COMMANDS_H_
#define COMMONWAGE_SERVER_ISSUER_MEMBER_COMMANDS_H_

#include <string>

#include "server/command/command_line.h"
#include "server/issuer/code_delivery.h"
#include "server/issuer/member_list.h"

namespace commonwage::server::issuer {

// What the commands take; each reads what it asked for.
struct MemberOptions {
  std::string data;
  std::string kek;
  std::string file;
  ListOptions list;
  CodeSelection selection;  // Its members are those of every command.
  bool distinct = false;
  std::string out;
  bool force = false;
  std::string language = "en";
  std::string title;
  std::string office;
  std::string until;
  std::string invitation;
  bool json = false;
};

// Adds `members add`, `import`, `remove`, `list`, `export-codes` and `letters`.
// `options` must outlive `line`.
void AddMemberCommands(command::CommandLine& line, MemberOptions& options);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_MEMBER_COMMANDS_H_
