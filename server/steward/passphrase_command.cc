// SPDX-License-Identifier: Apache-2.0
// `commonwage-steward passphrase change`.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <CLI/App.hpp>

#include "base/status_macros.h"
#include "command/command_line.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "crypto/sodium_random.h"
#include "server/steward/commands.h"
#include "server/steward/vault_options.h"
#include "storage/vault/vault_key.h"

namespace commonwage::server::steward {
namespace {

struct PassphraseOptions {
  VaultOptions vault;
  std::string new_passphrase_file;
};

absl::Status ChangePassphrase(const PassphraseOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::SecretBytes passphrase,
      crypto::LoadPassphraseFile(options.vault.passphrase_file));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes new_passphrase,
                              LoadNewPassphrase(options.new_passphrase_file));
  crypto::SodiumRandom random;
  COMMONWAGE_RETURN_IF_ERROR(storage::ChangeVaultPassphrase(
      options.vault.vault, passphrase, new_passphrase, random));
  std::cout << "The passphrase is changed. Copies of the vault that were made "
               "before still open\nwith the old one: if others may know it, "
               "destroy them.\n";
  return absl::OkStatus();
}

}  // namespace

void AddPassphraseCommand(command::CommandLine& line) {
  CLI::App* passphrase =
      line.app().add_subcommand("passphrase", "The vault's passphrase");
  passphrase->require_subcommand(1);
  CLI::App* change = passphrase->add_subcommand(
      "change", "Put the vault under another passphrase");
  auto options = std::make_shared<PassphraseOptions>();
  AddVaultOptions(change, options->vault);
  change
      ->add_option("--new-passphrase-file", options->new_passphrase_file,
                   "A file, readable by you alone, with the new one")
      ->required();
  line.OnCommand(change, [options] { return ChangePassphrase(*options); });
}

}  // namespace commonwage::server::steward
