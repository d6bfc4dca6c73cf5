// SPDX-License-Identifier: Apache-2.0
// Which file a path means where it is a link: what is replaced or made is what
// the link leads to, and the link stays.

#ifndef COMMONWAGE_BASE_FILE_LINKS_H_
#define COMMONWAGE_BASE_FILE_LINKS_H_

#include <sys/stat.h>

#include <string>

#include "absl/status/statusor.h"

#include "base/file/named_file.h"

namespace commonwage {

// Returns the path at the end of the links, at which there need not be
// anything yet.
//
// Fails as FileFailure says; with PERMISSION_DENIED (FILE_REFUSED) too if a
// link is in a directory that all may write in and belongs to neither this
// account nor the directory's.
absl::StatusOr<std::string> FollowLinks(const NamedFile& file);

// Whether what is at `path` could have been put there by another account to be
// taken for something else: it is in a directory that all may write in, and
// belongs to neither this account nor the directory's. `about` is of it.
bool IsTrap(const std::string& path, const struct stat& about);

// Returns the directory that `path` is in, such as ".".
std::string DirectoryOf(const std::string& path);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_LINKS_H_
