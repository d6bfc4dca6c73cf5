// SPDX-License-Identifier: Apache-2.0
// The union office's commands on the keys of rounds.

#ifndef COMMONWAGE_SERVER_ISSUER_KEY_COMMANDS_H_
#define COMMONWAGE_SERVER_ISSUER_KEY_COMMANDS_H_

#include "command/command_line.h"

namespace commonwage::server::issuer {

// Adds `key create`, `key show`, `key list` and `key destroy`, which refuses
// unless a manifest, signed by the survey key and made for this very key, says
// that the round has closed, a cancellation says that it was called off, or the
// caller says that they mean it.
void AddKeyCommands(command::CommandLine& line);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_KEY_COMMANDS_H_
