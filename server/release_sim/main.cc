// SPDX-License-Identifier: Apache-2.0
// commonwage-release-sim: for developers and auditors, the code that publishes
// a round, run many times on a table of records.

#include "command/command_line.h"
#include "server/release_sim/simulate_command.h"

int main(int argc, char** argv) {
  commonwage::command::CommandLine line(
      "commonwage-release-sim",
      "Releases the records of a table as a round of a plan would be, N times "
      "with independent noise, and prints each release as a line of JSON. Only "
      "for records that are made up or public.");
  commonwage::server::release_sim::AddSimulating(line);
  return line.Run(argc, argv);
}
