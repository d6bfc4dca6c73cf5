// SPDX-License-Identifier: Apache-2.0
// A thread that takes what waits, all of it at once: what arrives together
// shares one turn, and with it one sync of the disk.

#ifndef COMMONWAGE_STORAGE_BATCH_WORKER_H_
#define COMMONWAGE_STORAGE_BATCH_WORKER_H_

#include <cstddef>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "base/mutex.h"

namespace commonwage::storage {

// While at least this many come at a time there is a crowd.
inline constexpr size_t kCrowd = 8;

// Hands items to `work`, in the order they came in. Thread-safe. Destroying it
// works off what it took.
template <typename Item>
class BatchWorker {
 public:
  struct Options {
    size_t max_waiting;  // More are not taken.
    // How long a turn waits for others in a crowd; a single one never waits.
    absl::Duration gather = absl::ZeroDuration();
  };

  // `work` gets one batch after the other, never an empty one, on the worker's
  // own thread.
  BatchWorker(Options options, std::function<void(std::vector<Item>)> work)
      : options_(options),
        work_(std::move(work)),
        thread_([this] { Loop(); }) {}
  BatchWorker(const BatchWorker&) = delete;
  BatchWorker& operator=(const BatchWorker&) = delete;

  ~BatchWorker() {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    changed_.NotifyOne();
    thread_.join();
  }

  // Takes `item` and returns true, or leaves it as it is and returns false if
  // too many wait already, or after GiveUp.
  [[nodiscard]] bool TryAdd(Item& item) ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      const MutexLock lock(mutex_);
      if (given_up_ || waiting_.size() >= options_.max_waiting) {
        return false;
      }
      waiting_.push_back(std::move(item));
      if (gathering_) {
        return true;
      }
    }
    changed_.NotifyOne();
    return true;
  }

  // Takes no more, and returns what waits that `work` has not got.
  [[nodiscard]] std::vector<Item> GiveUp() ABSL_LOCKS_EXCLUDED(mutex_) {
    const MutexLock lock(mutex_);
    given_up_ = true;
    return std::exchange(waiting_, {});
  }

  // Whether items wait that `work` has not got yet.
  [[nodiscard]] bool AnyWaiting() ABSL_LOCKS_EXCLUDED(mutex_) {
    const MutexLock lock(mutex_);
    return !waiting_.empty();
  }

 private:
  void Loop() ABSL_LOCKS_EXCLUDED(mutex_) {
    size_t last = 0;
    while (true) {
      std::vector<Item> batch = Next(/*crowded=*/last >= kCrowd);
      if (batch.empty()) {
        return;
      }
      last = batch.size();
      work_(std::move(batch));
    }
  }

  // Waits for items and returns them; none at the end.
  std::vector<Item> Next(bool crowded) ABSL_LOCKS_EXCLUDED(mutex_) {
    const MutexLock lock(mutex_);
    while (waiting_.empty() && !stopping_) {
      changed_.Wait(mutex_);
    }
    if (crowded) {
      Gather();
    }
    return std::exchange(waiting_, {});
  }

  void Gather() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    gathering_ = true;
    // Nobody notifies now but the destructor.
    while (!stopping_ && changed_.WaitFor(mutex_, options_.gather)) {
    }
    gathering_ = false;
  }

  const Options options_;
  const std::function<void(std::vector<Item>)> work_;
  Mutex mutex_;
  CondVar changed_;
  std::vector<Item> waiting_ ABSL_GUARDED_BY(mutex_);
  bool gathering_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool given_up_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // Last: it uses everything above.
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_BATCH_WORKER_H_
