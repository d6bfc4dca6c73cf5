// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlcipher_inbox.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/files.h"
#include "storage/inbox_rows.h"

namespace commonwage::storage {
namespace {

// Submissions that may wait, and then share one sync. More are refused, so that
// memory and waiting are bounded.
constexpr size_t kMaxWaiting = 8192;

absl::Status TooManyWaiting() {
  return Refusal(absl::StatusCode::kUnavailable, "INBOX_BUSY",
                 "Too many submissions arrive at once; try again in a moment.");
}

absl::Status InboxMissing(absl::string_view round_id) {
  return Refusal(
      absl::StatusCode::kDataLoss, "INBOX_MISSING",
      absl::StrCat("The file with the submissions of round ", round_id,
                   ", or its key, is missing; restore the data "
                   "directory from a backup."));
}

// Two threads: one writes and syncs, the other tells the callers meanwhile.
class SqlcipherInbox final : public Inbox {
 public:
  SqlcipherInbox(InboxRows rows, RandomSource& random)
      : random_(random),
        rows_(std::move(rows)),
        teller_([this] { TellUntilStopped(); }),
        writer_([this] { WriteUntilStopped(); }) {}
  SqlcipherInbox(const SqlcipherInbox&) = delete;
  SqlcipherInbox& operator=(const SqlcipherInbox&) = delete;

  ~SqlcipherInbox() override {
    {
      const MutexLock lock(queue_mutex_);
      stopping_ = true;
    }
    arrived_.NotifyOne();
    writer_.join();
    {
      const MutexLock lock(queue_mutex_);
      writer_stopped_ = true;
    }
    answered_.NotifyOne();
    teller_.join();
  }

  void Submit(NewSubmission submission, Done done) override {
    {
      const MutexLock lock(queue_mutex_);
      if (waiting_.submissions.size() < kMaxWaiting) {
        waiting_.submissions.push_back(std::move(submission));
        waiting_.callers.push_back(std::move(done));
        done = nullptr;
      }
    }
    if (done != nullptr) {
      done(TooManyWaiting());
      return;
    }
    arrived_.NotifyOne();
  }

  absl::StatusOr<InboxRoot> Close() override {
    const MutexLock lock(rows_mutex_);
    return rows_.Close(random_);
  }

  absl::StatusOr<bool> IsClosed() override {
    const MutexLock lock(rows_mutex_);
    return rows_.IsClosed();
  }

  absl::StatusOr<uint64_t> CountFrames() override {
    const MutexLock lock(rows_mutex_);
    return rows_.CountFrames();
  }

  absl::Status Export(const InboxRoot& closed_root, VisitFrame visit) override {
    const MutexLock lock(rows_mutex_);
    return rows_.Export(closed_root, visit);
  }

 private:
  struct Batch {
    std::vector<NewSubmission> submissions;
    std::vector<Done> callers;  // One per submission.
  };
  struct Answers {
    std::vector<Done> callers;
    absl::StatusOr<std::vector<Acceptance>> results;  // One per caller.
  };

  // Waits for submissions and returns them; none at the end.
  Batch NextBatch() ABSL_LOCKS_EXCLUDED(queue_mutex_) {
    const MutexLock lock(queue_mutex_);
    while (waiting_.submissions.empty() && !stopping_) {
      arrived_.Wait(queue_mutex_);
    }
    return std::exchange(waiting_, Batch());
  }

  void WriteUntilStopped() {
    while (true) {
      Batch batch = NextBatch();
      if (batch.submissions.empty()) {
        return;
      }
      Write(std::move(batch));
    }
  }

  void Write(Batch batch) ABSL_LOCKS_EXCLUDED(queue_mutex_, rows_mutex_) {
    const MutexLock lock(rows_mutex_);
    absl::StatusOr<std::vector<Acceptance>> results =
        rows_.Apply(batch.submissions);
    {
      const MutexLock queue_lock(queue_mutex_);
      answers_.push_back({std::move(batch.callers), std::move(results)});
    }
    answered_.NotifyOne();
    // If it fails the segment stays as it is and is tried again after the next
    // batch; nobody waits for it.
    static_cast<void>(rows_.SettleIfFull(random_));
  }

  void TellUntilStopped() {
    while (true) {
      std::deque<Answers> answers;
      {
        const MutexLock lock(queue_mutex_);
        while (answers_.empty() && !writer_stopped_) {
          answered_.Wait(queue_mutex_);
        }
        answers.swap(answers_);
      }
      if (answers.empty()) {
        return;
      }
      for (Answers& each : answers) {
        Tell(each);
      }
    }
  }

  static void Tell(Answers& answers) {
    for (size_t i = 0; i < answers.callers.size(); ++i) {
      if (answers.results.ok()) {
        answers.callers[i]((*answers.results)[i]);
      } else {
        answers.callers[i](answers.results.status());
      }
    }
  }

  RandomSource& random_;

  Mutex rows_mutex_;
  InboxRows rows_ ABSL_GUARDED_BY(rows_mutex_);

  // Taken after rows_mutex_ where both are needed.
  Mutex queue_mutex_;
  CondVar arrived_;
  CondVar answered_;
  Batch waiting_ ABSL_GUARDED_BY(queue_mutex_);
  std::deque<Answers> answers_ ABSL_GUARDED_BY(queue_mutex_);
  bool stopping_ ABSL_GUARDED_BY(queue_mutex_) = false;
  bool writer_stopped_ ABSL_GUARDED_BY(queue_mutex_) = false;

  // Last: they use everything above.
  std::thread teller_;
  std::thread writer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Inbox>> OpenSqlcipherInbox(
    const std::filesystem::path& path, const crypto::Secret<32>& key,
    RandomSource& random, const OpenOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(InboxRows rows,
                              InboxRows::Open(path, key, options));
  return std::make_unique<SqlcipherInbox>(std::move(rows), random);
}

absl::StatusOr<std::unique_ptr<Inbox>> OpenRoundInbox(
    const DataDirectory& directory, const Keyring& keyring,
    absl::string_view round_id, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<crypto::Secret<32>> key,
                              keyring.Find(kInboxKey, round_id));
  if (!key.has_value()) {
    return InboxMissing(round_id);
  }
  absl::StatusOr<std::unique_ptr<Inbox>> inbox =
      OpenSqlcipherInbox(directory.inbox_path(round_id), *key, random);
  if (ReasonOf(inbox.status()) == "DATABASE_MISSING") {
    return InboxMissing(round_id);
  }
  return inbox;
}

absl::Status RemoveSqlcipherInbox(const std::filesystem::path& path) {
  for (const absl::string_view suffix : {"", "-wal", "-shm"}) {
    COMMONWAGE_RETURN_IF_ERROR(RemoveFile(path.string() + std::string(suffix)));
  }
  return absl::OkStatus();
}

}  // namespace commonwage::storage
