// SPDX-License-Identifier: Apache-2.0
// Whether there is room on the disk for what people send. A server without says
// so in its health, so that nobody is sent to it in vain.

#ifndef COMMONWAGE_SERVER_DISK_WATCH_H_
#define COMMONWAGE_SERVER_DISK_WATCH_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "base/mutex.h"

namespace commonwage::server {

// With less than this left a database cannot be sure of its next commit.
inline constexpr uint64_t kMinFreeBytes = uint64_t{1} << 20U;

// For how long a store's word that the disk is full holds against the file
// system's, which knows nothing of quotas.
inline constexpr absl::Duration kFullFor = absl::Seconds(10);

// Returns how many bytes this account can still write on the disk of `path`.
// Fails as FileFailure says.
absl::StatusOr<uint64_t> FreeBytesAt(const std::filesystem::path& path);

// Watches one disk. Thread-safe.
class DiskWatch {
 public:
  // `free_bytes` says what FreeBytesAt does, of the disk watched.
  DiskWatch(std::function<absl::StatusOr<uint64_t>()> free_bytes, Clock& clock)
      : free_bytes_(std::move(free_bytes)), clock_(clock) {}

  // A store has said that the disk is full.
  void NoteFull() ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether there is room, as far as can be told.
  [[nodiscard]] bool HasRoom() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const std::function<absl::StatusOr<uint64_t>()> free_bytes_;
  Clock& clock_;
  Mutex mutex_;
  absl::Duration full_until_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
};

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_DISK_WATCH_H_
