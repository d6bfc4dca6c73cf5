// SPDX-License-Identifier: Apache-2.0
// Replies to the statistics calls. Every reply is a pure function of the
// request and of published releases: the same request gives the same bytes to
// everybody, so a finished reply is kept and given again.

#ifndef COMMONWAGE_SERVER_STATISTICS_REPLY_CACHE_H_
#define COMMONWAGE_SERVER_STATISTICS_REPLY_CACHE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/bounded_cache.h"
#include "server/statistics/release_index.h"

namespace commonwage::server::statistics {

// The calls of commonwage.v1.StatisticsService.
enum class Call : char {
  kListReleases = 'L',
  kDownloadRelease = 'D',
  kSummarize = 'S',
  kCompare = 'C',
  kTrend = 'T',
};

// A serialised reply, shared with whoever is still sending it.
using ReplyBytes = std::shared_ptr<const std::string>;

// Thread-safe. The index must outlive it.
class ReplyCache {
 public:
  explicit ReplyCache(ReleaseIndex& index);

  // Returns the reply to `request`, both as serialised messages; for
  // kDownloadRelease the whole artefact, to be sent in pieces.
  //
  // Reveals: nothing but releases. How long it takes tells whether somebody has
  // asked the same lately.
  // Fails with INVALID_ARGUMENT (REQUEST_FAULTY and the fields at fault,
  // OVERLAPPING_CELLS), NOT_FOUND (UNKNOWN_RELEASE, NO_SUCH_MARGINAL,
  // UNKNOWN_CELL), PERMISSION_DENIED (READER_KEY_REQUIRED), UNAVAILABLE
  // (STORE_UNAVAILABLE).
  absl::StatusOr<ReplyBytes> Reply(Call call, absl::string_view request);

  // Returns the reply if it is there already, or null.
  ReplyBytes FindReply(Call call, absl::string_view request);

 private:
  absl::StatusOr<std::string> Work(Call call, absl::string_view request,
                                   const ReleaseList& list);

  ReleaseIndex& index_;
  BoundedCache<std::string, std::string> finished_;
};

}  // namespace commonwage::server::statistics

#endif  // COMMONWAGE_SERVER_STATISTICS_REPLY_CACHE_H_
