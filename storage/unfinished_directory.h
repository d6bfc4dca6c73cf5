// SPDX-License-Identifier: Apache-2.0
// A directory while it is being made: it bears a mark until it is whole. What
// has the mark was begun by an `init` that was killed; nothing was ever kept in
// it, so the next `init` clears it and begins again.

#ifndef COMMONWAGE_STORAGE_UNFINISHED_DIRECTORY_H_
#define COMMONWAGE_STORAGE_UNFINISHED_DIRECTORY_H_

#include <filesystem>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/file/file_lock.h"

namespace commonwage::storage {

// The making of one directory. Move-only. If it goes before Finish, what it
// made is removed again, as far as the system lets it.
class UnfinishedDirectory {
 public:
  // Makes the directory, of mode 0700, if it is not there, and marks it. Clears
  // one that has a mark already.
  //
  // Fails with ALREADY_EXISTS (DIRECTORY_IN_USE), changing nothing, if there is
  // anything else in it; FAILED_PRECONDITION (INIT_RUNNING) if another program
  // is making it; as MakePrivateDirectory and FileLock do.
  static absl::StatusOr<UnfinishedDirectory> Begin(
      const std::filesystem::path& path);

  // Fails with FAILED_PRECONDITION (INIT_UNFINISHED) if the directory has the
  // mark: it is not whole, and must not be used.
  static absl::Status RefuseUnfinished(const std::filesystem::path& path);

  UnfinishedDirectory(UnfinishedDirectory&& other) noexcept
      : path_(std::exchange(other.path_, {})),
        was_there_(other.was_there_),
        lock_(std::move(other.lock_)) {}
  UnfinishedDirectory& operator=(UnfinishedDirectory&&) = delete;
  UnfinishedDirectory(const UnfinishedDirectory&) = delete;
  UnfinishedDirectory& operator=(const UnfinishedDirectory&) = delete;
  ~UnfinishedDirectory();

  // Takes the mark away, durably: all else is in the directory, and synced.
  // Fails as FileFailure says.
  absl::Status Finish();

 private:
  UnfinishedDirectory(std::filesystem::path path, bool was_there, FileLock lock)
      : path_(std::move(path)), was_there_(was_there), lock_(std::move(lock)) {}

  std::filesystem::path path_;  // Empty once there is nothing more to do.
  bool was_there_;
  FileLock lock_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_UNFINISHED_DIRECTORY_H_
