// SPDX-License-Identifier: Apache-2.0
// What commonwage-release-sim does.

#ifndef COMMONWAGE_SERVER_RELEASE_SIM_SIMULATE_COMMAND_H_
#define COMMONWAGE_SERVER_RELEASE_SIM_SIMULATE_COMMAND_H_

#include "command/command_line.h"

namespace commonwage::server::release_sim {

// Makes the program itself, without a subcommand, simulate releases.
void AddSimulating(command::CommandLine& line);

}  // namespace commonwage::server::release_sim

#endif  // COMMONWAGE_SERVER_RELEASE_SIM_SIMULATE_COMMAND_H_
