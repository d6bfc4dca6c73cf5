// SPDX-License-Identifier: Apache-2.0
// What commonwaged does: it serves until it is told to stop.

#ifndef COMMONWAGE_SERVER_ONLINE_SERVE_COMMAND_H_
#define COMMONWAGE_SERVER_ONLINE_SERVE_COMMAND_H_

#include "command/command_line.h"

namespace commonwage::server::online {

// Makes the program itself, without a subcommand, serve.
void AddServing(command::CommandLine& line);

}  // namespace commonwage::server::online

#endif  // COMMONWAGE_SERVER_ONLINE_SERVE_COMMAND_H_
