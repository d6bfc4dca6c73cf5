// SPDX-License-Identifier: Apache-2.0
// The one table from what the system says about a file to what we say.
//
//   NOT_FOUND            FILE_NOT_FOUND   no such file, or no such directory
//   PERMISSION_DENIED    FILE_REFUSED     this account may not
//   FAILED_PRECONDITION  DISK_READ_ONLY   nobody may, on this disk
//   RESOURCE_EXHAUSTED   DISK_FULL        no room, or none for this account
//   RESOURCE_EXHAUSTED   TOO_MANY_FILES   too many are open
//   UNAVAILABLE          DISK_FAILED      the disk does not do as asked
//   FAILED_PRECONDITION  FILE_UNUSABLE    a directory, a socket, and the rest

#ifndef COMMONWAGE_BASE_FILE_FILE_FAILURE_H_
#define COMMONWAGE_BASE_FILE_FILE_FAILURE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace commonwage {

// Returns the error that the system's `error_number` means, as in "The `name`
// cannot be `done`: the disk is full; make room and try again." `done` is such
// as "read" or "written".
absl::Status FileFailure(absl::string_view name, absl::string_view done,
                         int error_number);

// Returns the error of a file with more bytes than any such file can have:
// INVALID_ARGUMENT (FILE_TOO_LARGE).
absl::Status FileTooLarge(absl::string_view name);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_FILE_FAILURE_H_
