// SPDX-License-Identifier: Apache-2.0
// Files that we keep: keys, keyrings, wallets. They are for this account alone,
// a reader and a machine that loses power see the old one or the new one, and
// what is a link stays one: what is made or replaced is what it leads to.

#ifndef COMMONWAGE_BASE_FILE_KEPT_FILE_H_
#define COMMONWAGE_BASE_FILE_KEPT_FILE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/file/named_file.h"

namespace commonwage {

// Whether the owner may write in a file, or only read it.
enum class Mode { kReadWrite, kReadOnly };

// Makes a file where there is none, mode 0600 or 0400. `content` is not copied.
//
// Fails with ALREADY_EXISTS (FILE_EXISTS) if there is anything, which stays as
// it is; FAILED_PRECONDITION (FILE_BUSY) if another program is making it; and
// as FileFailure says.
absl::Status CreateFile(const NamedFile& file, absl::string_view content,
                        Mode mode);

// Puts a file of mode 0600 in the place of the one that is there, or of none.
// Fails as CreateFile does, with FAILED_PRECONDITION (FILE_UNUSABLE) if what is
// there is no file.
absl::Status ReplaceFile(const NamedFile& file, absl::string_view content);

// Puts the file `from` in the place of `to`, in the same file system, and syncs
// the directory of `to`. Neither is a link. Fails as FileFailure says.
absl::Status MoveFile(const NamedFile& from, const NamedFile& to);

// Removes the file, if it is there, and syncs its directory. A link is removed
// itself. Fails as FileFailure says.
absl::Status RemoveFile(const NamedFile& file);

// Syncs the directory that the file is in, links followed, so that its name is
// on the disk. Fails as FileFailure says.
absl::Status SyncDirectoryOf(const NamedFile& file);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_KEPT_FILE_H_
