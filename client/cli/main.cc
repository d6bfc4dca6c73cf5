// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>
#include <vector>

#include "client/cli/command_line.h"
#include "client/cli/commands.h"
#include "client/cli/given_answers.h"
#include "crypto/secret.h"

int main(int argc, char** argv) {
  std::vector<std::string> arguments =
      commonwage::client::cli::TakeArguments(argc, argv);
  // gRPC's own messages name addresses, and ours say what to do. Who wants them
  // all the same sets the variable.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  commonwage::client::cli::CommandLine program;
  commonwage::client::cli::AddRoundsCommand(program);
  commonwage::client::cli::AddReleasesCommand(program);
  commonwage::client::cli::AddJoinCommand(program);
  commonwage::client::cli::AddParticipationCommands(program);
  commonwage::client::cli::AddReceiptCommand(program);
  commonwage::client::cli::AddEnrolCommand(program);
  commonwage::client::cli::AddWalletCommands(program);
  commonwage::client::cli::AddStatisticsCommands(program);
  commonwage::client::cli::AddDownloadCommand(program);
  commonwage::client::cli::AddVerifyCommand(program);
  std::vector<const char*> words;
  for (const std::string& argument : arguments) {
    words.push_back(argument.c_str());
  }
  program.OnParsed([&arguments] {
    for (std::string& argument : arguments) {
      commonwage::crypto::Wipe(argument);
    }
  });
  return program.Run(argc, words.data());
}
