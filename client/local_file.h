// SPDX-License-Identifier: Apache-2.0
// Files on the person's own device: read whole, written whole or not at all,
// and changed by one program at a time. Messages say which file is meant, never
// its path.

#ifndef COMMONWAGE_CLIENT_LOCAL_FILE_H_
#define COMMONWAGE_CLIENT_LOCAL_FILE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::client {

// A path, and what to call the file in a message, such as "wallet".
struct NamedFile {
  std::string path;
  std::string name;
};

// Returns the content of a file.
//
// Fails with NOT_FOUND (FILE_NOT_FOUND), PERMISSION_DENIED (FILE_REFUSED),
// INVALID_ARGUMENT (FILE_TOO_LARGE) beyond `max_bytes`, or
// FAILED_PRECONDITION (FILE_UNUSABLE).
absl::StatusOr<std::string> ReadLocalFile(const NamedFile& file,
                                          size_t max_bytes);

enum class FileReaders { kOwner, kEverybody };

// Puts `content` at the path in one step and syncs it to disk: after a crash
// there is the old file or the new one.
//
// Fails as ReadLocalFile, and with RESOURCE_EXHAUSTED (DISK_FULL). Then the old
// file is untouched.
absl::Status WriteLocalFile(const NamedFile& file, absl::string_view content,
                            FileReaders readers);

// Holds a file that exists for this program alone, against other programs that
// do the same, also when the file is replaced meanwhile. Move-only.
class FileLock {
 public:
  // Waits for whoever holds the file. Fails as ReadLocalFile.
  static absl::StatusOr<FileLock> Take(const NamedFile& file);

  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock(FileLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_LOCAL_FILE_H_
