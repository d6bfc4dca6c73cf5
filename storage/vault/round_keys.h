// SPDX-License-Identifier: Apache-2.0
// The keys that open rounds, as the steward's vault keeps them: rows of its
// database, each wrapped under an entry of the vault's shred file.

#ifndef COMMONWAGE_STORAGE_VAULT_ROUND_KEYS_H_
#define COMMONWAGE_STORAGE_VAULT_ROUND_KEYS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/secret.h"
#include "storage/database.h"
#include "storage/shred_file.h"

namespace commonwage::storage {

// Adds the key of a round, in the transaction under way. If that is never
// committed the entry is lost, and nothing else.
// Fails as ShredFile::Fill and as sqlite_status.h says.
absl::Status AddRoundKey(Database& database, const ShredFile& file,
                         absl::string_view round_id,
                         const crypto::Secret<32>& key, RandomSource& random);

// Returns the key of a round that has no release and was not called off.
// Fails with FAILED_PRECONDITION (ROUND_KEY_LOST) if it is gone all the same:
// this vault is an older copy, or the shred file another one's; as
// UnwrapDestroyable and as sqlite_status.h says.
// Reveals: the key.
absl::StatusOr<crypto::Secret<32>> GetRoundKey(Database& database,
                                               const ShredFile& file,
                                               absl::string_view round_id);

// Destroys the keys of all rounds that have a release or were called off.
// Repeating is right.
// Fails as ShredFile::Destroy and as sqlite_status.h says.
absl::Status DestroyEndedKeys(Database& database, const ShredFile& file,
                              RandomSource& random);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_VAULT_ROUND_KEYS_H_
