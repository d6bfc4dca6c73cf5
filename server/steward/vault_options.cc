// SPDX-License-Identifier: Apache-2.0
#include "server/steward/vault_options.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"

namespace commonwage::server::steward {
namespace {

// Whoever copies the vault can guess at the passphrase for as long as they
// like. A vault that was made under a shorter one still opens.
constexpr size_t kMinPassphraseLength = 12;  // Characters.

}  // namespace

void AddVaultOptions(CLI::App* command, VaultOptions& options) {
  command->add_option("--vault", options.vault, "The vault's directory")
      ->required();
  command
      ->add_option("--passphrase-file", options.passphrase_file,
                   "A file, readable by you alone, with the vault's passphrase")
      ->required();
}

absl::StatusOr<storage::Vault> OpenVault(const VaultOptions& options,
                                         RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::SecretBytes passphrase,
      crypto::LoadPassphraseFile(options.passphrase_file));
  return storage::Vault::Open(options.vault, passphrase, random);
}

absl::StatusOr<crypto::SecretBytes> LoadNewPassphrase(const std::string& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(crypto::SecretBytes passphrase,
                              crypto::LoadPassphraseFile(path));
  if (crypto::PassphraseLength(passphrase) < kMinPassphraseLength) {
    return Refusal(Reason::kPassphraseTooShort,
                   absl::StrCat("The passphrase is too short: a vault takes ",
                                kMinPassphraseLength,
                                " characters or more, such as five random "
                                "words."));
  }
  return passphrase;
}

absl::StatusOr<storage::Vault> CreateVault(const VaultOptions& options,
                                           RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes passphrase,
                              LoadNewPassphrase(options.passphrase_file));
  return storage::Vault::Create(options.vault, passphrase, random);
}

}  // namespace commonwage::server::steward
