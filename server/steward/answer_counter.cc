// SPDX-License-Identifier: Apache-2.0
#include "server/steward/answer_counter.h"

#include <optional>
#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "survey/answer.h"
#include "survey/frame.h"

namespace commonwage::server::steward {
namespace {

// A few milliseconds of work: waking a worker costs nothing beside it.
constexpr size_t kChunkBytes = 64 * kFrameSize;

}  // namespace

AnswerCounter::AnswerCounter(const AnswerOpener& opener, const Plan& plan,
                             size_t workers)
    : opener_(opener), max_waiting_(2 * workers) {
  COMMONWAGE_CHECK(workers >= 1);
  filling_.reserve(kChunkBytes);
  for (size_t i = 0; i < workers; ++i) {
    counts_.push_back(std::make_unique<WorkerCount>(plan));
    WorkerCount& count = *counts_.back();
    workers_.emplace_back([this, &count] { Work(count); });
  }
}

AnswerCounter::~AnswerCounter() { EndInput(); }

void AnswerCounter::Add(absl::string_view frame) {
  COMMONWAGE_CHECK(frame.size() == kFrameSize);
  filling_.append(frame.data(), frame.size());
  if (filling_.size() >= kChunkBytes) {
    HandOver();
  }
}

void AnswerCounter::HandOver() {
  const MutexLock lock(mutex_);
  while (waiting_.size() >= max_waiting_) {
    chunk_taken_.Wait(mutex_);
  }
  waiting_.push_back(std::move(filling_));
  filling_.clear();
  chunk_added_.NotifyOne();
}

void AnswerCounter::EndInput() {
  const MutexLock lock(mutex_);
  ended_ = true;
  chunk_added_.NotifyAll();
}

std::string AnswerCounter::NextChunk() {
  const MutexLock lock(mutex_);
  while (waiting_.empty() && !ended_) {
    chunk_added_.Wait(mutex_);
  }
  if (waiting_.empty()) {
    return "";
  }
  std::string chunk = std::move(waiting_.front());
  waiting_.pop_front();
  chunk_taken_.NotifyOne();
  return chunk;
}

void AnswerCounter::CountOne(const AnswerOpener& opener,
                             absl::string_view frame, WorkerCount& count) {
  const std::optional<Answer> answer = opener.Open(frame);
  if (!answer.has_value()) {
    ++count.dropped;
    return;
  }
  if (absl::Status added = count.tally.Add(*answer); !added.ok()) {
    count.status = std::move(added);
  }
}

void AnswerCounter::Work(WorkerCount& count) {
  for (std::string chunk = NextChunk(); !chunk.empty(); chunk = NextChunk()) {
    for (size_t at = 0; at < chunk.size(); at += kFrameSize) {
      CountOne(opener_, absl::string_view(chunk).substr(at, kFrameSize), count);
    }
  }
}

absl::Status AnswerCounter::AddTo(CountedAnswers& sum,
                                  const WorkerCount& count) {
  COMMONWAGE_RETURN_IF_ERROR(count.status);
  sum.dropped += count.dropped;
  return sum.tally.Merge(count.tally);
}

absl::StatusOr<CountedAnswers> AnswerCounter::Finish() {
  if (!filling_.empty()) {
    HandOver();
  }
  EndInput();
  workers_.clear();  // Joins them.
  WorkerCount& first = *counts_.front();
  COMMONWAGE_RETURN_IF_ERROR(first.status);
  CountedAnswers sum{.tally = std::move(first.tally), .dropped = first.dropped};
  for (size_t i = 1; i < counts_.size(); ++i) {
    if (absl::Status added = AddTo(sum, *counts_[i]); !added.ok()) {
      return added;
    }
  }
  return sum;
}

}  // namespace commonwage::server::steward
