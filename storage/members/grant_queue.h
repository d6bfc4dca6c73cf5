// SPDX-License-Identifier: Apache-2.0
// Requests for credentials that wait for the roll: those that come together
// share one sync, and nobody's thread waits for the disk.

#ifndef COMMONWAGE_STORAGE_MEMBERS_GRANT_QUEUE_H_
#define COMMONWAGE_STORAGE_MEMBERS_GRANT_QUEUE_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/batch_worker.h"
#include "storage/members/member_roll.h"

namespace commonwage::storage {

// Thread-safe. Destroying it finishes what was added.
class GrantQueue {
 public:
  // Called once per request, from the queue's own thread: return soon.
  using Done = std::function<void(const absl::StatusOr<Grant>&)>;

  // `roll` must outlive the queue.
  explicit GrantQueue(MemberRoll& roll);

  // Has `roll` grant the request, and calls `done` once that is durable.
  // `done` gets an error as MemberRoll::GrantAll says, or UNAVAILABLE
  // (SERVER_BUSY) if too many wait; the same request again is always right.
  void Add(GrantRequest request, Done done);

 private:
  struct Waiting {
    GrantRequest request;
    Done done;
  };

  void GrantBatch(std::vector<Waiting> batch);

  MemberRoll& roll_;
  BatchWorker<Waiting> worker_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_MEMBERS_GRANT_QUEUE_H_
