// SPDX-License-Identifier: Apache-2.0
// Directories that nobody but their owner may enter.

#ifndef COMMONWAGE_BASE_FILE_PRIVATE_DIRECTORY_H_
#define COMMONWAGE_BASE_FILE_PRIVATE_DIRECTORY_H_

#include "absl/status/status.h"

#include "base/file/named_file.h"

namespace commonwage {

// Makes a directory of mode 0700 and syncs its parent. Not an error if it is
// there already, with nobody else allowed in.
//
// Fails as CheckPrivateDirectory and as FileFailure says.
absl::Status MakePrivateDirectory(const NamedFile& directory);

// Fails with NOT_FOUND (DIRECTORY_MISSING) if there is no such directory,
// FAILED_PRECONDITION (DIRECTORY_TOO_OPEN) if others may enter it, and as
// FileFailure says.
absl::Status CheckPrivateDirectory(const NamedFile& directory);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_PRIVATE_DIRECTORY_H_
