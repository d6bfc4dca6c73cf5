// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/error.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/prompt.h"
#include "crypto/sodium_random.h"
#include "server/steward/cancellation.h"
#include "server/steward/commands.h"
#include "server/steward/vault_options.h"

namespace commonwage::server::steward {
namespace {

struct CancelOptions {
  VaultOptions vault;
  std::string round;
  std::string out;
  bool force = false;
  bool yes = false;
  bool json = false;
};

command::Decision DecisionOf(const storage::VaultRound& round) {
  command::Decision decision;
  decision.facts = absl::StrCat(
      "Round ", round.id,
      " is to be called off, for good. Its key is destroyed: what was answered "
      "is never\nread by anybody, and nothing is ever published. Its name is "
      "not used again. The ",
      round.loss_micro_rho,
      " micro-rho that\nit would have cost are free again.\nCall a round off "
      "because it was made by mistake. If it is because of who has answered or "
      "how many,\nthe privacy that was promised does not hold: publish it "
      "instead.");
  decision.question = "Call it off?";
  return decision;
}

void PrintReport(const v1::RoundCancellationReport& report, bool json) {
  if (json) {
    std::cout << command::JsonText(report);
    return;
  }
  std::cout << "Round " << report.round_id()
            << (report.done_before()
                    ? " was called off before: this is the same file again.\n"
                    : " is called off, and its key is destroyed.\n")
            << "Free again: " << report.micro_rho()
            << " micro-rho. Left for further rounds: "
            << report.left_micro_rho() << ".\n"
            << "Survey key: " << report.survey_key() << "\n"
            << "Give the file to the operator, for `commonwage-admin "
               "cancellation import`, and to the union\noffice, for "
               "`commonwage-issuer key destroy --cancellation`.\n";
}

absl::Status Cancel(const CancelOptions& options) {
  // A path that cannot be written is noticed before the round is called off.
  COMMONWAGE_ASSIGN_OR_RETURN(
      OutputFile out,
      OutputFile::Create({options.out, "cancellation file"},
                         Readers::kEverybody, IfThereWith(options.force)));
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              OpenVault(options.vault, random));
  COMMONWAGE_ASSIGN_OR_RETURN(const CalledOff called_off,
                              CancelRound(
                                  vault, options.round,
                                  [&options](const storage::VaultRound& round) {
                                    return command::Confirm(DecisionOf(round),
                                                            options.yes);
                                  },
                                  random));
  absl::Status written = out.Append(called_off.file.SerializeAsString());
  written.Update(written.ok() ? out.Commit() : absl::OkStatus());
  if (!written.ok()) {
    return Reworded(written,
                    absl::StrCat(written.message(),
                                 " The round is called off; run round cancel "
                                 "again to write the file."));
  }
  PrintReport(called_off.report, options.json);
  return absl::OkStatus();
}

}  // namespace

void AddRoundCancel(command::CommandLine& line, CLI::App* round) {
  auto options = std::make_shared<CancelOptions>();
  CLI::App* command = round->add_subcommand(
      "cancel",
      "Call off a round that was made by mistake, before its release: destroy "
      "its key");
  AddVaultOptions(command, options->vault);
  command->add_option("--round", options->round, "The round, SURVEY.ROUND")
      ->required();
  command
      ->add_option("--out", options->out,
                   "The cancellation to write, for operator and union office")
      ->required();
  command->add_flag("--force", options->force, kForceHelp);
  command->add_flag("--yes", options->yes,
                    "Call it off without asking; what that means is said all "
                    "the same");
  command->add_flag("--json", options->json, "Print a report as JSON");
  line.OnCommand(command, [options] { return Cancel(*options); });
}

}  // namespace commonwage::server::steward
