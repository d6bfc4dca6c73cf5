// SPDX-License-Identifier: Apache-2.0
#include "server/disk_watch.h"

#include <sys/statvfs.h>

#include <cerrno>

#include "base/file/file_failure.h"

namespace commonwage::server {

absl::StatusOr<uint64_t> FreeBytesAt(const std::filesystem::path& path) {
  struct statvfs about {};
  if (statvfs(path.c_str(), &about) != 0) {
    return FileFailure("room on the disk", "found out", errno);
  }
  return uint64_t{about.f_bavail} * about.f_frsize;
}

void DiskWatch::NoteFull() {
  const absl::Duration now = clock_.Elapsed();
  const MutexLock lock(mutex_);
  full_until_ = now + kFullFor;
}

bool DiskWatch::HasRoom() {
  const absl::StatusOr<uint64_t> free_bytes = free_bytes_();
  // A system that does not tell is no reason to send people away.
  const bool has_room = !free_bytes.ok() || *free_bytes >= kMinFreeBytes;
  const absl::Duration now = clock_.Elapsed();
  const MutexLock lock(mutex_);
  return has_room && now >= full_until_;
}

}  // namespace commonwage::server
