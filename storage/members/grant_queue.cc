// SPDX-License-Identifier: Apache-2.0
#include "storage/members/grant_queue.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "base/error.h"

namespace commonwage::storage {
namespace {

constexpr size_t kMaxWaiting = 8192;
// In a crowd a sync waits this long for company: little beside a signature.
constexpr absl::Duration kGather = absl::Milliseconds(5);

}  // namespace

GrantQueue::GrantQueue(MemberRoll& roll)
    : roll_(roll),
      worker_({.max_waiting = kMaxWaiting, .gather = kGather},
              [this](std::vector<Waiting> batch) {
                GrantBatch(std::move(batch));
              }) {}

void GrantQueue::Add(GrantRequest request, Done done) {
  Waiting waiting{std::move(request), std::move(done)};
  if (!worker_.TryAdd(waiting)) {
    waiting.done(Refusal(Reason::kServerBusy,
                         "Very many members ask just now. Please try again in "
                         "a minute; nothing was used up."));
  }
}

void GrantQueue::GrantBatch(std::vector<Waiting> batch) {
  std::vector<GrantRequest> requests;
  requests.reserve(batch.size());
  for (Waiting& waiting : batch) {
    requests.push_back(std::move(waiting.request));
  }
  const std::vector<absl::StatusOr<Grant>> outcomes = roll_.GrantAll(requests);
  for (size_t i = 0; i < batch.size(); ++i) {
    batch[i].done(outcomes[i]);
  }
}

}  // namespace commonwage::storage
