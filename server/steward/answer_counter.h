// SPDX-License-Identifier: Apache-2.0
// Opens and counts submissions on all cores, in memory that does not grow with
// their number.

#ifndef COMMONWAGE_SERVER_STEWARD_ANSWER_COUNTER_H_
#define COMMONWAGE_SERVER_STEWARD_ANSWER_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/mutex.h"
#include "privacy/noise/tally.h"
#include "server/steward/answer_opener.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {

// What was in an inbox. Exact counts: for the steward alone.
struct CountedAnswers {
  privacy::noise::Tally tally;
  int64_t dropped = 0;  // Submissions that must not count.
};

// Counts the answers of one round. Add and Finish are for one thread.
class AnswerCounter {
 public:
  // `opener` must outlive this object. Needs workers >= 1. Each worker counts
  // for itself, so the memory is that of `workers` tallies of `plan`.
  AnswerCounter(const AnswerOpener& opener, const Plan& plan, size_t workers);
  AnswerCounter(const AnswerCounter&) = delete;
  AnswerCounter& operator=(const AnswerCounter&) = delete;
  ~AnswerCounter();

  // Takes a copy of `frame`, of kFrameSize bytes, and waits while the workers
  // have enough to do.
  void Add(absl::string_view frame);

  // Waits for the workers and returns what they counted. Call it once, last.
  // Fails with RESOURCE_EXHAUSTED (TOO_MANY_ANSWERS) as Tally does.
  absl::StatusOr<CountedAnswers> Finish();

 private:
  struct WorkerCount {
    explicit WorkerCount(const Plan& plan) : tally(plan) {}

    privacy::noise::Tally tally;
    int64_t dropped = 0;
    absl::Status status;
  };

  void Work(WorkerCount& count);
  static void CountOne(const AnswerOpener& opener, absl::string_view frame,
                       WorkerCount& count);
  static absl::Status AddTo(CountedAnswers& sum, const WorkerCount& count);
  // Returns the next frames, one after the other, or "" at the end.
  std::string NextChunk();
  void HandOver();
  void EndInput();

  const AnswerOpener& opener_;
  const size_t max_waiting_;
  std::string filling_;

  Mutex mutex_;
  CondVar chunk_added_;
  CondVar chunk_taken_;
  std::deque<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;

  std::vector<std::unique_ptr<WorkerCount>> counts_;
  std::vector<std::jthread> workers_;  // Last: they use all of the above.
};

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_ANSWER_COUNTER_H_
