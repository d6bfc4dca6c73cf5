// SPDX-License-Identifier: Apache-2.0
#include "storage/inbox/sqlcipher_inbox.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "base/check.h"
#include "base/error.h"
#include "base/file/kept_file.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/batch_worker.h"
#include "storage/inbox/inbox_rows.h"

namespace commonwage::storage {
namespace {

// Submissions that may wait, and then share one sync. More are refused, so that
// memory and waiting are bounded.
constexpr size_t kMaxWaiting = 8192;
// In a crowd a sync waits this long for company.
constexpr absl::Duration kGather = absl::Milliseconds(3);

absl::Status TooManyWaiting() {
  return Refusal(Reason::kServerBusy,
                 "Too many submissions arrive at once; try again in a moment.");
}

absl::Status InboxMissing(absl::string_view round_id) {
  return Refusal(
      Reason::kInboxMissing,
      absl::StrCat("The file with the submissions of round ", round_id,
                   ", or its key, is missing; restore the file from a backup. "
                   "A backup never has the key: it is in the host's own "
                   "shred.key."));
}

// Two threads: one writes and syncs, the other tells the callers meanwhile.
class SqlcipherInbox final : public Inbox {
 public:
  SqlcipherInbox(InboxRows rows, RandomSource& random)
      : random_(random), places_(rows.places()), rows_(std::move(rows)) {}

  void Submit(NewSubmission submission, Done done) override {
    Waiting waiting{std::move(submission), std::move(done)};
    if (!writer_.TryAdd(waiting)) {
      waiting.done(TooManyWaiting());
    }
  }

  void GiveUp() override {
    for (const Waiting& waiting : writer_.GiveUp()) {
      waiting.done(TooManyWaiting());
    }
  }

  absl::StatusOr<InboxRoot> Close() override {
    const MutexLock lock(mutex_);
    return rows_.Close(random_);
  }

  absl::StatusOr<bool> IsClosed() override {
    const MutexLock lock(mutex_);
    return rows_.IsClosed();
  }

  absl::StatusOr<uint64_t> CountFrames() override {
    const MutexLock lock(mutex_);
    return rows_.CountFrames();
  }

  absl::StatusOr<uint64_t> CountCommits() override {
    const MutexLock lock(mutex_);
    return rows_.CountCommits();
  }

  absl::Status CheckInPlace() override { return Database::CheckKept(places_); }

  absl::Status Export(const InboxRoot& closed_root, VisitFrame visit) override {
    const MutexLock lock(mutex_);
    return rows_.Export(closed_root, visit);
  }

 private:
  struct Waiting {
    NewSubmission submission;
    Done done;
  };
  struct Answers {
    std::vector<Done> callers;
    absl::StatusOr<std::vector<Acceptance>> results;  // One per caller.
  };

  void Write(std::vector<Waiting> batch) ABSL_LOCKS_EXCLUDED(mutex_) {
    std::vector<NewSubmission> submissions;
    std::vector<Done> callers;
    submissions.reserve(batch.size());
    callers.reserve(batch.size());
    for (Waiting& each : batch) {
      submissions.push_back(std::move(each.submission));
      callers.push_back(std::move(each.done));
    }
    const MutexLock lock(mutex_);
    Answers answers{std::move(callers), rows_.Apply(submissions)};
    // It takes any number, as the writer takes few enough.
    COMMONWAGE_CHECK(teller_.TryAdd(answers));
    // If it fails the segment stays as it is and is tried again after the next
    // batch; nobody waits for it.
    static_cast<void>(rows_.ShuffleIfFull(random_, writer_.AnyWaiting()));
  }

  static void Tell(const Answers& answers) {
    for (size_t i = 0; i < answers.callers.size(); ++i) {
      if (answers.results.ok()) {
        answers.callers[i]((*answers.results)[i]);
      } else {
        answers.callers[i](answers.results.status());
      }
    }
  }

  RandomSource& random_;
  const std::vector<FilePlace> places_;

  Mutex mutex_;
  InboxRows rows_ ABSL_GUARDED_BY(mutex_);

  // Last, and in this order: the writer ends first, and uses all above.
  BatchWorker<Answers> teller_{{.max_waiting = SIZE_MAX},
                               [](const std::vector<Answers>& batch) {
                                 for (const Answers& answers : batch) {
                                   Tell(answers);
                                 }
                               }};
  BatchWorker<Waiting> writer_{
      {.max_waiting = kMaxWaiting, .gather = kGather},
      [this](std::vector<Waiting> batch) { Write(std::move(batch)); }};
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
  if (ReasonOf(inbox.status()) == Reason::kDatabaseMissing) {
    return InboxMissing(round_id);
  }
  return inbox;
}

absl::Status RemoveSqlcipherInbox(const std::filesystem::path& path) {
  for (const absl::string_view suffix : {"", "-wal", "-shm"}) {
    COMMONWAGE_RETURN_IF_ERROR(
        RemoveFile({path.string() + std::string(suffix), "inbox"}));
  }
  return absl::OkStatus();
}

}  // namespace commonwage::storage
