// SPDX-License-Identifier: Apache-2.0
// The releases of this server: a list in memory, and each release read once,
// when it is first asked for, so that starting takes no longer with more rounds
// behind it. Releases never change, so what was read stays right.

#ifndef COMMONWAGE_SERVER_STATISTICS_RELEASE_INDEX_H_
#define COMMONWAGE_SERVER_STATISTICS_RELEASE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/mutex.h"
#include "figures/release_identity.h"
#include "server/bounded_cache.h"
#include "storage/catalogue/catalogue.h"

namespace commonwage::server::statistics {

// Which releases there are, at one moment. Immutable.
struct ReleaseList {
  struct Entry {
    std::string survey;
    std::string round;
  };

  uint64_t generation = 0;       // Grows with every change.
  std::vector<std::string> ids;  // "<survey>.<round>", the newest first.
  std::vector<Entry> entries;    // Of the same index.
  absl::flat_hash_set<std::string> id_set;
};

// Thread-safe, except that only one thread may call Refresh. The catalogue must
// outlive it.
class ReleaseIndex {
 public:
  explicit ReleaseIndex(storage::Catalogue& catalogue);

  // Notices releases that another process, or another Catalogue of this one,
  // has imported. Cheap if there are none: call it several times a second.
  //
  // Fails as the catalogue does; the list stays as it was then.
  absl::Status Refresh();

  [[nodiscard]] std::shared_ptr<const ReleaseList> List() const;

  // Return what belongs to the round `id`.
  //
  // Fail with NOT_FOUND (UNKNOWN_RELEASE) if there is no release of it;
  // PERMISSION_DENIED (READER_KEY_REQUIRED) from Load and ReadSigned if its
  // statistics are not for everybody; UNAVAILABLE (STORE_UNAVAILABLE) if it
  // cannot be read.
  absl::StatusOr<figures::ReleaseIdentity> IdentityOf(const std::string& id);
  absl::StatusOr<std::shared_ptr<const figures::LoadedRelease>> Load(
      const std::string& id);
  // The bytes of a commonwage.v1.SignedRelease.
  absl::StatusOr<std::string> ReadSigned(const std::string& id);

 private:
  struct Stored;

  absl::StatusOr<Stored> Read(const std::string& id);

  storage::Catalogue& catalogue_;
  std::optional<int64_t> version_;

  mutable Mutex mutex_;
  std::shared_ptr<const ReleaseList> list_ ABSL_GUARDED_BY(mutex_) =
      std::make_shared<const ReleaseList>();

  BoundedCache<std::string, figures::ReleaseIdentity> identities_;
  BoundedCache<std::string, figures::LoadedRelease> loaded_;
};

}  // namespace commonwage::server::statistics

#endif  // COMMONWAGE_SERVER_STATISTICS_RELEASE_INDEX_H_
