// SPDX-License-Identifier: Apache-2.0
#include "storage/file_place.h"

#include <sys/stat.h>

namespace commonwage::storage {

std::optional<FilePlace> FilePlace::Of(const std::filesystem::path& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) {
    return std::nullopt;
  }
  return FilePlace(path, about.st_dev, about.st_ino);
}

bool FilePlace::IsKept() const {
  struct stat about {};
  return stat(path_.c_str(), &about) == 0 && about.st_dev == device_ &&
         about.st_ino == inode_;
}

}  // namespace commonwage::storage
