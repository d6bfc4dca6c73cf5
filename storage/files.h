// SPDX-License-Identifier: Apache-2.0
// Small files and locks: what the operating system must do for us, durably.

#ifndef COMMONWAGE_STORAGE_FILES_H_
#define COMMONWAGE_STORAGE_FILES_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::storage {

// Makes a directory of mode 0700 and syncs its parent. Not an error if it is
// there already, with nobody else allowed in.
// Fails with FAILED_PRECONDITION (DIRECTORY_TOO_OPEN) if others may enter it;
// otherwise with the code of the system's error (FILE_FAILED).
absl::Status MakePrivateDirectory(const std::filesystem::path& path);

// Fails with NOT_FOUND (DIRECTORY_MISSING) if there is no directory at `path`,
// FAILED_PRECONDITION (DIRECTORY_TOO_OPEN) if others may enter it.
absl::Status CheckPrivateDirectory(const std::filesystem::path& path);

// Puts `bytes` in place of the file at `path`, mode 0600: a reader, and a
// machine that loses power, see the old bytes or the new ones.
// Fails with the code of the system's error (FILE_FAILED, DISK_FULL).
absl::Status ReplaceFile(const std::filesystem::path& path,
                         absl::string_view bytes);

// Returns the file's bytes.
// Fails with NOT_FOUND (FILE_MISSING) if there is none, DATA_LOSS
// (FILE_TOO_LONG) if it is longer than `limit`; otherwise FILE_FAILED.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path,
                                     size_t limit);

// Puts the file at `from` in place of the one at `to`, of the same file system,
// as ReplaceFile does.
// Fails with the code of the system's error (FILE_FAILED).
absl::Status MoveFile(const std::filesystem::path& from,
                      const std::filesystem::path& to);

// Removes the file, if it is there, and syncs its directory.
// Fails with the code of the system's error (FILE_FAILED).
absl::Status RemoveFile(const std::filesystem::path& path);

// An exclusive lock on a file, held while this object lives and let go by the
// system when the process ends, however it ends. Move-only.
class FileLock {
 public:
  // Makes the file if needed. Returns nullopt if somebody else holds it.
  // Fails with the code of the system's error (FILE_FAILED).
  static absl::StatusOr<std::optional<FileLock>> TryAcquire(
      const std::filesystem::path& path);
  // Waits for it.
  static absl::StatusOr<FileLock> Acquire(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_FILES_H_
