// SPDX-License-Identifier: Apache-2.0
// Whether an open file is still the one at its path. What is written into a
// file that was deleted or moved away goes with it.

#ifndef COMMONWAGE_STORAGE_FILE_PLACE_H_
#define COMMONWAGE_STORAGE_FILE_PLACE_H_

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace commonwage::storage {

// Which file was at a path. Copyable, immutable. Opens nothing: a descriptor of
// our own would take away a database's locks when it is closed (POSIX).
class FilePlace {
 public:
  // Returns nullopt if there is no file at `path`.
  static std::optional<FilePlace> Of(const std::filesystem::path& path);

  // Whether the same file is at the path now.
  [[nodiscard]] bool IsKept() const;

 private:
  FilePlace(std::filesystem::path path, dev_t device, ino_t inode)
      : path_(std::move(path)), device_(device), inode_(inode) {}

  std::filesystem::path path_;
  dev_t device_;
  ino_t inode_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_FILE_PLACE_H_
