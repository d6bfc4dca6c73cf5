// SPDX-License-Identifier: Apache-2.0
// A cache that never holds more than it may: what was used longest ago goes
// first.

#ifndef COMMONWAGE_SERVER_BOUNDED_CACHE_H_
#define COMMONWAGE_SERVER_BOUNDED_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "base/mutex.h"

namespace commonwage::server {

// Values that never change, by key. Thread-safe.
template <typename Key, typename Value>
class BoundedCache {
 public:
  // Holds entries whose costs (bytes, say) add up to at most `capacity`.
  explicit BoundedCache(size_t capacity) : capacity_(capacity) {}

  // Returns the value of `key`, or null. `Lookup` is Key, or a type that hashes
  // and compares as it does.
  template <typename Lookup>
  std::shared_ptr<const Value> Find(const Lookup& key) {
    const MutexLock lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  // Keeps `value`, unless `key` has one already or it alone is more than a
  // quarter of the whole.
  void Insert(Key key, std::shared_ptr<const Value> value, size_t cost) {
    const MutexLock lock(mutex_);
    if (cost > capacity_ / 4 || by_key_.contains(key)) {
      return;
    }
    entries_.push_front({key, std::move(value), cost});
    by_key_.emplace(std::move(key), entries_.begin());
    total_cost_ += cost;
    while (total_cost_ > capacity_) {
      total_cost_ -= entries_.back().cost;
      by_key_.erase(entries_.back().key);
      entries_.pop_back();
    }
  }

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Value> value;
    size_t cost = 0;
  };

  const size_t capacity_;
  Mutex mutex_;
  // Most recently used first.
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Key, typename std::list<Entry>::iterator> by_key_
      ABSL_GUARDED_BY(mutex_);
  size_t total_cost_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_BOUNDED_CACHE_H_
