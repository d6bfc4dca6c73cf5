// SPDX-License-Identifier: Apache-2.0
// The sealed submissions of one round, one row per pseudonym. Nobody who holds
// it can open one, and it keeps no time.
//
// This is the interface; storage/inbox/sqlcipher_inbox.h is the store behind
// it. A caller needs no more than this of another engine.

#ifndef COMMONWAGE_STORAGE_INBOX_INBOX_H_
#define COMMONWAGE_STORAGE_INBOX_INBOX_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/hash.h"
#include "storage/inbox/inbox_root.h"
#include "survey/frame.h"

namespace commonwage::storage {

// A frame that the collector has checked, with what the store needs of it.
struct NewSubmission {
  Pseudonym pseudonym;
  Operation operation = Operation::kSubmit;
  uint64_t sequence = 0;        // <= 2^63 - 1.
  crypto::Digest frame_digest;  // Sha256(kFrameDigestLabel, frame).
  std::string frame;            // kFrameSize bytes.
};

// What became of a submission. Only the first two mean that it counts.
enum class Acceptance {
  kStored,          // It is on disk.
  kAlreadyStored,   // It is the latest frame of this pseudonym, on disk.
  kOlderSequence,   // A frame with this or a later sequence is there.
  kConflict,        // A submission is there already, and this is another one.
  kWithdrawn,       // What this pseudonym sent was withdrawn, for good.
  kNothingToAmend,  // Nothing is there to amend or withdraw.
  kClosed,          // The round takes no more.
};

// An open inbox. Thread-safe.
class Inbox {
 public:
  // Called once per submission, from a thread of the inbox: return soon, and
  // do not call the inbox's destructor from it.
  using Done = std::function<void(absl::StatusOr<Acceptance>)>;
  using VisitFrame = absl::FunctionRef<absl::Status(absl::string_view frame)>;

  Inbox() = default;
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;
  // Finishes what was submitted; every `done` has been called afterwards.
  virtual ~Inbox() = default;

  // Takes a submission in and returns at once. `done` is called when the answer
  // holds whatever happens next: after the sync. Submissions that arrive
  // together share one. Those of one thread are applied in their order.
  //
  // `done` gets an error if nothing was changed, such as RESOURCE_EXHAUSTED
  // (DISK_FULL) or UNAVAILABLE; sending the same frame again is always right.
  //
  // Reveals: to `done`, whether this pseudonym has submitted.
  virtual void Submit(NewSubmission submission, Done done) = 0;

  // Refuses what waits to be stored, and whatever comes, with UNAVAILABLE: this
  // process is about to end. What is being written is finished.
  virtual void GiveUp() {}

  // Closes the inbox, durably and for every process: no submission is stored
  // afterwards. Removes what withdrawals had left. Returns the root over what
  // remains; keep it apart from the inbox, and give it to Export. Closing again
  // returns the same.
  // Fails as sqlite_status.h says; it may or may not be closed then, so repeat.
  virtual absl::StatusOr<InboxRoot> Close() = 0;

  // Whether Close has been called, by any process.
  virtual absl::StatusOr<bool> IsClosed() = 0;

  // Returns the number of submissions that count.
  // Reveals: turnout. For the operator and the steward, never for the public.
  virtual absl::StatusOr<uint64_t> CountFrames() = 0;

  // Returns how many batches have changed something, ever: it only grows.
  // Reveals: no more than CountFrames.
  virtual absl::StatusOr<uint64_t> CountCommits() = 0;

  // Whether the inbox is where it was opened. Does not wait for a batch.
  // Fails with UNAVAILABLE (DATABASE_MOVED) if its files were deleted, moved or
  // replaced: it stores nothing any more then.
  virtual absl::Status CheckInPlace() { return absl::OkStatus(); }

  // Calls `visit` with each frame, pseudonyms strictly increasing, until it
  // fails. Memory does not grow with the number of frames. Use what was visited
  // only if the whole returns OK: that is when root and digests were checked.
  //
  // Fails with FAILED_PRECONDITION (ROUND_NOT_CLOSED) before Close, DATA_LOSS
  // (INBOX_ALTERED) if the rows are not those that `closed_root` was made from,
  // and as `visit` does.
  virtual absl::Status Export(const InboxRoot& closed_root,
                              VisitFrame visit) = 0;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_INBOX_INBOX_H_
