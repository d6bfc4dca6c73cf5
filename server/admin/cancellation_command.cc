// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "artefacts/signed_cancellation.h"
#include "base/file/input_file.h"
#include "base/status_macros.h"
#include "crypto/sodium_random.h"
#include "server/admin/admin_host.h"
#include "server/admin/commands.h"
#include "server/admin/round_cancellation.h"
#include "server/admin/step_text.h"

namespace commonwage::server::admin {
namespace {

struct CancellationOptions {
  std::string data;
  std::string kek;
  std::string file;
  bool json = false;
};

absl::Status Import(const CancellationOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string file,
                              ReadFile({options.file, "cancellation file"},
                                       artefacts::kMaxSignedCancellationBytes));
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(
      AdminHost host,
      AdminHost::Open(options.data, options.kek, Access::kChange, random));
  COMMONWAGE_ASSIGN_OR_RETURN(const StepResult result,
                              ImportCancellation(host, file));
  TellStep(result,
           WithKeyFile("is called off, and its submissions are destroyed "
                       "unread: their key is overwritten in shred.key",
                       result),
           "was called off before; nothing has changed.", options.json);
  return absl::OkStatus();
}

}  // namespace

void AddCancellationCommand(command::CommandLine& line) {
  auto options = std::make_shared<CancellationOptions>();
  CLI::App* group = line.app().add_subcommand(
      "cancellation", "Take in that a round was called off");
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand(
      "import",
      "Take in a cancellation file, and erase the round's submissions");
  command->add_option("--data", options->data, "The data directory")
      ->required();
  command
      ->add_option("--kek", options->kek,
                   "The key-encryption key's file, outside the data directory")
      ->required();
  command->add_option("file", options->file, "The cancellation file")
      ->required();
  command->add_flag("--json", options->json, "Print a report as JSON");
  line.OnCommand(command, [options] { return Import(*options); });
}

}  // namespace commonwage::server::admin
