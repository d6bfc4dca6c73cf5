// SPDX-License-Identifier: Apache-2.0
// A disk that becomes full, or loses power, at any chosen moment.

#ifndef COMMONWAGE_TESTS_STORAGE_FAULTY_DISK_H_
#define COMMONWAGE_TESTS_STORAGE_FAULTY_DISK_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "base/mutex.h"
#include "tests/storage/watched_vfs.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {

// Watches the files of the layer `kVfs` while it lives; one at a time. Files
// are those of a temporary directory; syncs are not passed on to the real disk.
class FaultyDisk final : public FileWatcher {
 public:
  static constexpr const char* kVfs = "faulty";

  // What is on the disk after a loss of power of what was not synced.
  enum class Survives {
    kNothing,      // No write at all.
    kSomeAndTorn,  // Some writes, whole or up to some sector.
  };

  FaultyDisk();
  ~FaultyDisk() override = default;

  // From the `n`-th write on, from 1, there is no space left.
  void BeFullAtWrite(int64_t n);
  // From the `n`-th change on (write, sync, truncation, deletion), from 1,
  // nothing happens any more and every change fails.
  void LosePowerAtChange(int64_t n);
  // Makes the disk good again; what was written stays.
  void Heal();
  // After a loss of power, with every database closed: puts the files into the
  // state that a restart finds, and makes the disk good again.
  void Restart(Survives survives, SeededRandom& random);

  // Number of changes, and of writes, asked for so far.
  [[nodiscard]] int64_t changes() const;
  [[nodiscard]] int64_t writes() const;

  int OnWrite(const std::string& path, int64_t offset,
              absl::string_view bytes) override;
  int OnTruncate(const std::string& path, int64_t size) override;
  int OnSync(const std::string& path) override;
  int OnDelete(const std::string& path) override;

 private:
  // A change since the last sync. A truncation has no bytes.
  struct Change {
    int64_t offset = 0;
    std::string bytes;
    bool truncates = false;
  };
  struct File {
    std::string synced;  // All of it at the last sync.
    std::vector<Change> changes;
  };

  // Counts a change; returns how it fails.
  int Count(bool is_write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  File& FileAt(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t writes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t full_at_write_ ABSL_GUARDED_BY(mutex_) = 0;       // 0: never.
  int64_t no_power_at_change_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: never.
  WatchedVfs vfs_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STORAGE_FAULTY_DISK_H_
