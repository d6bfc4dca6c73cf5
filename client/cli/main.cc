// SPDX-License-Identifier: Apache-2.0
// commonwage: for members of a survey, and for whoever reads its figures.

#include <cstdlib>
#include <string>
#include <vector>

#include "client/cli/commands.h"
#include "client/cli/given_answers.h"
#include "command/command_line.h"
#include "crypto/secret.h"

int main(int argc, char** argv) {
  std::vector<std::string> arguments =
      commonwage::client::cli::TakeArguments(argc, argv);
  // gRPC's own messages name addresses, and ours say what to do. Who wants them
  // all the same sets the variable.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  commonwage::command::CommandLine line(
      "commonwage",
      "Give your pay to an anonymous survey, and see what others earn.",
      commonwage::command::Plans::kFetched);
  commonwage::client::cli::AddCommands(line);
  std::vector<const char*> words;
  for (const std::string& argument : arguments) {
    words.push_back(argument.c_str());
  }
  line.OnParsed([&arguments] {
    for (std::string& argument : arguments) {
      commonwage::crypto::Wipe(argument);
    }
    commonwage::crypto::WipeStack();
  });
  return line.Run(argc, words.data());
}
