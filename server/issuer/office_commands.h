// SPDX-License-Identifier: Apache-2.0
// commonwage-issuer init and serve: the union office's directory, and the
// server over it.

#ifndef COMMONWAGE_SERVER_ISSUER_OFFICE_COMMANDS_H_
#define COMMONWAGE_SERVER_ISSUER_OFFICE_COMMANDS_H_

#include "command/command_line.h"

namespace commonwage::server::issuer {

// Adds "init".
void AddInitCommand(command::CommandLine& line);

// Adds "serve".
void AddServeCommand(command::CommandLine& line);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_OFFICE_COMMANDS_H_
