// SPDX-License-Identifier: Apache-2.0
// An exclusive lock on a file, against other programs that do the same.

#ifndef COMMONWAGE_BASE_FILE_FILE_LOCK_H_
#define COMMONWAGE_BASE_FILE_FILE_LOCK_H_

#include <optional>
#include <utility>

#include "absl/status/statusor.h"

#include "base/file/descriptor.h"
#include "base/file/named_file.h"

namespace commonwage {

// Held while this object lives, and let go by the system when the process ends,
// however it ends. Move-only.
class FileLock {
 public:
  // Makes the file if needed, mode 0600, and waits for whoever holds it. Fails
  // as FileFailure says, as all of this does.
  static absl::StatusOr<FileLock> Acquire(const NamedFile& file);

  // As Acquire, but returns nullopt if somebody else holds it.
  static absl::StatusOr<std::optional<FileLock>> TryAcquire(
      const NamedFile& file);

  // Waits for a file that exists and that is itself replaced by those who hold
  // it: returns a lock on the one that has the name now.
  static absl::StatusOr<FileLock> AcquireReplaced(const NamedFile& file);

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_FILE_LOCK_H_
