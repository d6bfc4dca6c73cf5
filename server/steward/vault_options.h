// SPDX-License-Identifier: Apache-2.0
// How the steward's commands are told of the vault.

#ifndef COMMONWAGE_SERVER_STEWARD_VAULT_OPTIONS_H_
#define COMMONWAGE_SERVER_STEWARD_VAULT_OPTIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include <CLI/App.hpp>

#include "base/random_source.h"
#include "crypto/secret.h"
#include "storage/vault/vault.h"

namespace commonwage::server::steward {

struct VaultOptions {
  std::string vault;
  std::string passphrase_file;
};

// Adds --vault and --passphrase-file; `options` must outlive the command.
void AddVaultOptions(CLI::App* command, VaultOptions& options);

// Opens the vault; `random` must outlive it.
// Fails as crypto::LoadPassphraseFile and Vault::Open do.
absl::StatusOr<storage::Vault> OpenVault(const VaultOptions& options,
                                         RandomSource& random);

// Returns the passphrase in the file at `path`, for a vault from now on.
//
// Fails with INVALID_ARGUMENT (PASSPHRASE_TOO_SHORT) if it has fewer than 12
// characters; as crypto::LoadPassphraseFile does.
absl::StatusOr<crypto::SecretBytes> LoadNewPassphrase(const std::string& path);

// Makes the vault. Fails as LoadNewPassphrase, having made nothing, and
// Vault::Create do.
absl::StatusOr<storage::Vault> CreateVault(const VaultOptions& options,
                                           RandomSource& random);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_VAULT_OPTIONS_H_
