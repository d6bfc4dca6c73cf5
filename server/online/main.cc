// SPDX-License-Identifier: Apache-2.0
// commonwaged, the program on the internet: takes sealed submissions, tells of
// rounds, and answers from releases. It holds no key that opens a submission
// and no code that would.

#include "command/command_line.h"
#include "server/online/serve_command.h"

int main(int argc, char** argv) {
  commonwage::command::CommandLine line(
      "commonwaged",
      "Takes sealed submissions and answers from releases. It cannot read a "
      "submission.");
  commonwage::server::online::AddServing(line);
  return line.Run(argc, argv);
}
