// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_board.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/mutex.h"
#include "storage/catalogue/catalogue.h"
#include "survey/manifest.h"
#include "survey/round_order.h"

namespace commonwage::server::collector {

storage::RoundState StateAt(const storage::RoundSummary& round,
                            absl::Time now) {
  storage::RoundState by_time = storage::RoundState::kCreated;
  if (now >= round.closes_at) {
    by_time = storage::RoundState::kClosed;
  } else if (now >= round.opens_at) {
    by_time = storage::RoundState::kOpen;
  }
  return std::max(round.state, by_time);
}

RoundTable::RoundTable(std::vector<BoardRound> rounds)
    : rounds_(std::move(rounds)) {
  std::sort(rounds_.begin(), rounds_.end(),
            [](const BoardRound& a, const BoardRound& b) {
              return IsEarlier(b.summary.place(), a.summary.place());
            });
  for (size_t i = 0; i < rounds_.size(); ++i) {
    const storage::RoundSummary& summary = rounds_[i].summary;
    ids_.push_back(summary.id);
    by_hash_.emplace(summary.manifest_hash, i);
    by_id_.emplace(summary.id, i);
  }
}

const BoardRound* RoundTable::Find(const ManifestHash& manifest_hash) const {
  const auto found = by_hash_.find(manifest_hash);
  return found == by_hash_.end() ? nullptr : &rounds_[found->second];
}

const BoardRound* RoundTable::Find(absl::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &rounds_[found->second];
}

std::shared_ptr<const RoundTable> RoundBoard::Get() const {
  const MutexLock lock(mutex_);
  return table_;
}

void RoundBoard::Set(std::shared_ptr<const RoundTable> table) {
  // The old table goes after the lock: with it may go the last use of an inbox,
  // which then finishes its work.
  const MutexLock lock(mutex_);
  table_.swap(table);
}

void RoundBoard::GiveUp() const {
  const std::shared_ptr<const RoundTable> table = Get();
  for (const BoardRound& round : table->rounds()) {
    if (round.inbox != nullptr) {
      round.inbox->GiveUp();
    }
  }
}

}  // namespace commonwage::server::collector
