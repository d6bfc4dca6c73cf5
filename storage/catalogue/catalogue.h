// SPDX-License-Identifier: Apache-2.0
// What the online host knows in public: rounds, their state, and releases.
// Nothing in it is about a person.

#ifndef COMMONWAGE_STORAGE_CATALOGUE_CATALOGUE_H_
#define COMMONWAGE_STORAGE_CATALOGUE_CATALOGUE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/mutex.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "storage/database.h"
#include "storage/inbox/inbox_root.h"
#include "storage/signed_bytes.h"
#include "survey/manifest.h"
#include "survey/round_order.h"
#include "survey/round_state.h"

namespace commonwage::storage {

using commonwage::RoundState;

// A round without its manifest: small, so that all can be listed.
struct RoundSummary {
  std::string id;
  std::string survey;
  ManifestHash manifest_hash;
  RoundState state = RoundState::kCreated;
  bool closed_early = false;
  std::optional<absl::Time> closed_early_at;  // To the second, if early.
  absl::Time opens_at;
  absl::Time closes_at;
  uint64_t inbox_commits = 0;  // How many its inbox has seen at least.
  // By command: it takes nothing and nothing of it is closed, exported,
  // published or deleted, until the operator takes that back or the round is
  // called off.
  bool set_aside = false;
  bool erased = false;  // Inbox and key are gone.

  // Where it stands among others; valid while this object is.
  [[nodiscard]] RoundPlace place() const { return {opens_at, closes_at, id}; }
};

struct StoredRound {
  RoundSummary summary;
  SignedBytes manifest;
  std::optional<InboxRoot> inbox_root;  // Set once it was closed.
  // Of the sealed inbox that was exported; empty if none was.
  std::string exported_digest{};
};

// The catalogue of a data directory. Thread-safe; several processes may have it
// open.
class Catalogue {
 public:
  // Fails as Database::Open and Migrate do. `options.create` makes it.
  static absl::StatusOr<std::unique_ptr<Catalogue>> Open(
      const std::filesystem::path& path, const crypto::Secret<32>& key,
      const OpenOptions& options = {});

  // Adds a round in state kCreated. The caller has verified the signatures, and
  // that `parsed` and `hash` belong to the bytes. The first manifest of a
  // survey pins its key, the one of the first signature. The same manifest
  // again changes nothing.
  //
  // Fails with INVALID_ARGUMENT (MANIFEST_UNSIGNED) without a signature,
  // FAILED_PRECONDITION (SURVEY_KEY_CHANGED) if the survey is known under
  // another key, ALREADY_EXISTS (ROUND_EXISTS) if the round has another
  // manifest; otherwise as sqlite_status.h says.
  absl::Status ImportRound(const SignedBytes& manifest, const Manifest& parsed,
                           const ManifestHash& hash);

  // kCreated to kOpen. Not an error if it is open already.
  // Fails with NOT_FOUND (UNKNOWN_ROUND), FAILED_PRECONDITION (ROUND_STATE) if
  // it is past that, (ROUND_CANCELLED) if it was called off; otherwise as
  // sqlite_status.h says.
  absl::Status OpenRound(absl::string_view round_id);

  // kCreated or kOpen to kClosed. Close the inbox first: `inbox_root` is what
  // that returned. `closed_early_at` is when, if that is before its time. Not
  // an error if it is closed already with the same root. Fails as OpenRound.
  absl::Status CloseRound(absl::string_view round_id,
                          std::optional<absl::Time> closed_early_at,
                          const InboxRoot& inbox_root);

  // Records that the round's inbox has seen `commits` at least; a smaller
  // number than before changes nothing. Fails as sqlite_status.h says.
  absl::Status NoteInboxCommits(absl::string_view round_id, uint64_t commits);

  // Records the digest of the sealed inbox that a round was exported as. What
  // is closed does not change, so neither does that: another is refused.
  // Fails with NOT_FOUND (UNKNOWN_ROUND), DATA_LOSS (INBOX_CHANGED); otherwise
  // as sqlite_status.h says.
  absl::Status NoteExport(absl::string_view round_id, absl::string_view digest);

  // Sets a round without a release aside, or takes that back. Repeating is
  // right. Fails as OpenRound.
  absl::Status SetAside(absl::string_view round_id, bool set_aside);

  // Notes the time that the server believes it is. Fails as sqlite_status.h
  // says.
  absl::Status NoteTime(absl::Time now);

  // Returns the time last noted, to the second; nullopt if none was.
  absl::StatusOr<std::optional<absl::Time>> FindNotedTime();

  // kClosed to kPublished, or kCancelled: a release beats a cancellation. Keeps
  // the release, which never changes again. The caller has verified it against
  // the manifest. The same one again changes nothing, in any later state.
  // Fails as OpenRound, and with ALREADY_EXISTS (RELEASE_EXISTS) if the round
  // has another release.
  absl::Status ImportRelease(absl::string_view round_id,
                             const SignedBytes& release);

  // Any state before a release to kCancelled, set aside or not, and keeps the
  // cancellation. The caller has verified it. Repeating changes nothing.
  // Fails with NOT_FOUND (UNKNOWN_ROUND), ALREADY_EXISTS (RELEASE_EXISTS) if
  // the round has its release; otherwise as sqlite_status.h says.
  absl::Status ImportCancellation(absl::string_view round_id,
                                  const SignedBytes& cancellation);

  // kPublished to kErased; of a cancelled round, that it is erased. Destroy the
  // inbox's key and files first. Not an error if it is erased already. Fails as
  // OpenRound.
  absl::Status MarkErased(absl::string_view round_id);

  // Returns all rounds, the earliest first (survey/round_order.h).
  absl::StatusOr<std::vector<RoundSummary>> ListRounds();

  // Return nullopt if there is none.
  absl::StatusOr<std::optional<StoredRound>> FindRound(
      absl::string_view round_id);
  absl::StatusOr<std::optional<SignedBytes>> FindRelease(
      absl::string_view round_id);
  // Also of a round whose release beat it.
  absl::StatusOr<std::optional<SignedBytes>> FindCancellation(
      absl::string_view round_id);
  absl::StatusOr<std::optional<crypto::VerifyKey>> FindSurveyKey(
      absl::string_view survey);

  // Returns a number that changes when another process, or another Catalogue of
  // this one, has changed something. Costs microseconds: ask often.
  absl::StatusOr<int64_t> DataVersion();

 private:
  explicit Catalogue(Database database) : database_(std::move(database)) {}

  // The state of a round, within a transaction.
  absl::StatusOr<StoredRound> GetRound(absl::string_view round_id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<StoredRound>> FindRoundLocked(
      absl::string_view round_id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<SignedBytes>> FindReleaseLocked(
      absl::string_view round_id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<SignedBytes>> FindSignedLocked(
      absl::string_view query, absl::string_view round_id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status NoteCancelledErased(absl::string_view round_id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status PinSurveyKey(absl::string_view survey,
                            const crypto::VerifyKey& key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SetState(absl::string_view round_id, RoundState state)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  Database database_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_CATALOGUE_CATALOGUE_H_
