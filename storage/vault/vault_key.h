// SPDX-License-Identifier: Apache-2.0
// The key of a vault's database: random, and the same for as long as the vault
// lives. Beside the database it lies wrapped under the key of a passphrase, so
// that a new passphrase touches one small file and no database.
//
//   DIR/vault.key   salt and wrapped key; docs/FORMATS.md, "Vault key"

#ifndef COMMONWAGE_STORAGE_VAULT_VAULT_KEY_H_
#define COMMONWAGE_STORAGE_VAULT_VAULT_KEY_H_

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/random_source.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"

namespace commonwage::storage {

// Its name in the vault's directory.
inline constexpr const char* kVaultKeyFile = "vault.key";

// Makes the key of a new vault and returns it. Draws 72 bytes.
// Fails as crypto::KeyFromPassphrase and ReplaceFile do.
absl::StatusOr<crypto::Secret<32>> CreateVaultKey(
    const std::filesystem::path& directory,
    const crypto::SecretBytes& passphrase, RandomSource& random,
    const crypto::PassphraseCost& cost);

// Returns the key of the vault in `directory`.
// Fails with NOT_FOUND (VAULT_MISSING) if there is none, FAILED_PRECONDITION
// (PASSPHRASE_REFUSED) if the passphrase is another one or the file was
// altered; as crypto::KeyFromPassphrase does.
absl::StatusOr<crypto::Secret<32>> OpenVaultKey(
    const std::filesystem::path& directory,
    const crypto::SecretBytes& passphrase, const crypto::PassphraseCost& cost);

// Puts the key under `new_passphrase`, with a new salt, in one step: after a
// crash one of the two opens it. Programs that have the vault open go on. Draws
// 40 bytes.
// Fails as OpenVaultKey and CreateVaultKey do; then the old one opens it.
absl::Status ChangeVaultPassphrase(const std::filesystem::path& directory,
                                   const crypto::SecretBytes& passphrase,
                                   const crypto::SecretBytes& new_passphrase,
                                   RandomSource& random,
                                   const crypto::PassphraseCost& cost = {});

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_VAULT_VAULT_KEY_H_
