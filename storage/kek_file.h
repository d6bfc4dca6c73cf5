// SPDX-License-Identifier: Apache-2.0
// The key-encryption key as a file, and its replacement.
//
// What erases is the shred file. A new key-encryption key shuts out what was
// copied beside it as well: a whole directory, shred file and all, of which the
// key was kept apart. So erasing ends with a new key in the same file, where
// the account can put one there. A crash on the way leaves FILE and FILE.next,
// of which one opens the keyring. FILE may be a link: what is replaced is the
// file that it leads to.

#ifndef COMMONWAGE_STORAGE_KEK_FILE_H_
#define COMMONWAGE_STORAGE_KEK_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/random_source.h"
#include "storage/data_directory.h"
#include "storage/keyring.h"

namespace commonwage::storage {

// Opens the keyring with the key in `kek_path`, or, if a replacement was cut
// short or is under way, with the one in `kek_path`.next. Changes nothing. A
// process that runs for long calls this anew each time it needs a key.
//
// Fails as crypto::LoadKeyFile and Keyring::Open do.
absl::StatusOr<Keyring> OpenKeyring(const DataDirectory& directory,
                                    const std::string& kek_path);

// Whether this account can put another key in the place of the one in
// `kek_path`, which need not be there yet, and whether it would stay there.
//
// Fails with FAILED_PRECONDITION (KEK_FIXED), and the sentence says why: the
// file is one that the system hands over anew each time (below /run or /dev, a
// mount of its own), or in a directory that cannot be written.
absl::Status CheckKekReplaceable(const std::string& kek_path);

// Puts a new key in `kek_path` and wraps the keyring under it; finishes a
// replacement that was cut short first. Processes that hold the old key must
// open the keyring again. Callers wait for each other.
//
// Fails as CheckKekReplaceable, as crypto::CreateKeyFile and as
// Keyring::Rotate, and then the old key is in use; as MoveFile, and then the
// new one is, in `kek_path`.next, and the next call puts it in place.
absl::Status ReplaceKek(const DataDirectory& directory,
                        const std::string& kek_path, RandomSource& random);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_KEK_FILE_H_
