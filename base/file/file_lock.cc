// SPDX-License-Identifier: Apache-2.0
#include "base/file/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/file/file_failure.h"
#include "base/status_macros.h"

namespace commonwage {
namespace {

absl::StatusOr<Descriptor> Open(const NamedFile& file, int flags) {
  Descriptor opened(
      open(file.path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR));
  return opened.ok() ? absl::StatusOr<Descriptor>(std::move(opened))
                     : FileFailure(file.name, "locked", errno);
}

absl::Status Wait(const NamedFile& file, const Descriptor& opened) {
  while (flock(opened.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      return FileFailure(file.name, "locked", errno);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FileLock> FileLock::Acquire(const NamedFile& file) {
  COMMONWAGE_ASSIGN_OR_RETURN(Descriptor opened, Open(file, O_RDWR | O_CREAT));
  COMMONWAGE_RETURN_IF_ERROR(Wait(file, opened));
  return FileLock(std::move(opened));
}

absl::StatusOr<std::optional<FileLock>> FileLock::TryAcquire(
    const NamedFile& file) {
  COMMONWAGE_ASSIGN_OR_RETURN(Descriptor opened, Open(file, O_RDWR | O_CREAT));
  if (flock(opened.get(), LOCK_EX | LOCK_NB) == 0) {
    return FileLock(std::move(opened));
  }
  return errno == EWOULDBLOCK ? absl::StatusOr<std::optional<FileLock>>(
                                    std::optional<FileLock>())
                              : FileFailure(file.name, "locked", errno);
}

absl::StatusOr<FileLock> FileLock::AcquireReplaced(const NamedFile& file) {
  while (true) {
    // For writing, which an exclusive lock on NFS needs.
    COMMONWAGE_ASSIGN_OR_RETURN(Descriptor opened, Open(file, O_RDWR));
    COMMONWAGE_RETURN_IF_ERROR(Wait(file, opened));
    // Who held it before may have replaced it: then this is a lock on nothing.
    if (IsNamed(opened.get(), AT_FDCWD, file.path)) {
      return FileLock(std::move(opened));
    }
  }
}

}  // namespace commonwage
