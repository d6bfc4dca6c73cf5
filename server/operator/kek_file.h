// SPDX-License-Identifier: Apache-2.0
// The key-encryption key as a file, and its replacement.
//
// Destroying a round's inbox key leaves wrapped copies of it in old keyrings,
// in backups and on the disk. They are worthless once the key that wraps them
// is gone, so erasing a round ends with a new key in the same file. A crash on
// the way leaves FILE and FILE.next, of which one opens the keyring.

#ifndef COMMONWAGE_SERVER_OPERATOR_KEK_FILE_H_
#define COMMONWAGE_SERVER_OPERATOR_KEK_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/random_source.h"
#include "storage/data_directory.h"
#include "storage/keyring.h"

namespace commonwage::server::operators {

// Opens the keyring with the key in `kek_path`, or, if a replacement was cut
// short or is under way, with the one in `kek_path`.next. Changes nothing.
//
// Fails as crypto::LoadKeyFile and Keyring::Open do.
absl::StatusOr<storage::Keyring> OpenKeyring(
    const storage::DataDirectory& directory, const std::string& kek_path);

// Puts a new key in `kek_path` and wraps the keyring under it; finishes a
// replacement that was cut short first. Processes that hold the old key must
// open the keyring again. Only one process may do this at a time.
//
// Fails as crypto::CreateKeyFile if the file's directory cannot be written, and
// as Keyring::Rotate, and then the old key is in use; as MoveIntoPlace, and
// then the new one is, in `kek_path`.next, and the next call puts it in place.
absl::Status ReplaceKek(const storage::DataDirectory& directory,
                        const std::string& kek_path, RandomSource& random);

}  // namespace commonwage::server::operators

#endif  // COMMONWAGE_SERVER_OPERATOR_KEK_FILE_H_
