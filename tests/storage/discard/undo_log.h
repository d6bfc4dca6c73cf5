// SPDX-License-Identifier: Apache-2.0
// What was in a file before writes that were not synced yet: kept beside the
// program in files, which outlive a kill -9 of it as its unsynced writes do.
//
// DIR/<path, with % for /> is a sequence of
//   offset (8 bytes), file size (8), length (4), the bytes that were there
// one per write, oldest first, all numbers big-endian. A sync empties it.

#ifndef COMMONWAGE_TESTS_STORAGE_DISCARD_UNDO_LOG_H_
#define COMMONWAGE_TESTS_STORAGE_DISCARD_UNDO_LOG_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/mutex.h"
#include "tests/storage/watched_vfs.h"

namespace commonwage::testing {

// Keeps the undo logs of this process's databases in a directory.
class UndoLog final : public FileWatcher {
 public:
  explicit UndoLog(std::filesystem::path directory)
      : directory_(std::move(directory)) {}

  int OnWrite(const std::string& path, int64_t offset,
              absl::string_view bytes) override;
  int OnTruncate(const std::string& path, int64_t size) override;
  int OnSync(const std::string& path) override;
  int OnDelete(const std::string& path) override;

 private:
  // Never closed: closing any descriptor of a file gives up all locks that this
  // process has on it.
  struct File {
    int watched = -1;
    int log = -1;
  };

  File& FileAt(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Notes what is at [offset, offset + length) of the file.
  int Note(const std::string& path, int64_t offset, int64_t length);

  const std::filesystem::path directory_;
  Mutex mutex_;
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
};

// Puts every file that has a log in `directory` back to its last sync, removes
// the shared-memory indexes beside them, and the logs. No program may have the
// files open.
absl::Status RestoreUnsynced(const std::filesystem::path& directory);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STORAGE_DISCARD_UNDO_LOG_H_
