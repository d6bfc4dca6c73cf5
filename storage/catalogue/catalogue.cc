// SPDX-License-Identifier: Apache-2.0
#include "storage/catalogue/catalogue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "storage/catalogue/catalogue_schema.h"
#include "storage/migrations.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace commonwage::storage {
namespace {

// What ReadSummary reads, of `round`.
constexpr absl::string_view kSummaryColumns =
    "round_id, survey, manifest_hash, state, closed_early, opens_at, "
    "closes_at, inbox_commits, closed_early_at, set_aside, "
    "coalesce((SELECT erased FROM cancellation WHERE cancellation.round_id = "
    "round.round_id), -1)";
constexpr int kColumnsOfSummary = 11;

RoundSummary ReadSummary(const Statement& row) {
  RoundSummary summary;
  summary.id = std::string(row.Text(0));
  summary.survey = std::string(row.Text(1));
  summary.manifest_hash =
      ManifestHash::From(row.Blob(2)).value_or(ManifestHash());
  summary.state = static_cast<RoundState>(row.Int64(3));
  summary.closed_early = row.Int64(4) != 0;
  summary.opens_at = absl::FromUnixMicros(row.Int64(5));
  summary.closes_at = absl::FromUnixMicros(row.Int64(6));
  summary.inbox_commits = static_cast<uint64_t>(row.Int64(7));
  if (summary.closed_early) {
    // 0, which NULL reads as, says that it is not on record.
    summary.closed_early_at = absl::FromUnixSeconds(row.Int64(8));
  }
  summary.set_aside = row.Int64(9) != 0;
  if (row.Int64(10) >= 0 && !HasRelease(summary.state)) {
    summary.state = RoundState::kCancelled;
    summary.erased = row.Int64(10) != 0;
  }
  summary.erased |= summary.state == RoundState::kErased;
  return summary;
}

absl::Status RoundUnknown() {
  return Refusal(Reason::kUnknownRound,
                 "There is no such round here; list the rounds to see which "
                 "there are.");
}

absl::Status WrongState(absl::string_view sentence) {
  return Refusal(Reason::kRoundState, sentence);
}

absl::Status RefuseCancelled(const StoredRound& round) {
  return round.summary.state == RoundState::kCancelled
             ? Refusal(Reason::kRoundCancelled,
                       "The round was called off, and that is final.")
             : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Catalogue>> Catalogue::Open(
    const std::filesystem::path& path, const crypto::Secret<32>& key,
    const OpenOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(Database database,
                              Database::Open(path, key, options));
  COMMONWAGE_RETURN_IF_ERROR(Migrate(database, kCatalogueSchema));
  // The constructor is private.
  return std::unique_ptr<Catalogue>(new Catalogue(std::move(database)));
}

absl::Status Catalogue::PinSurveyKey(absl::string_view survey,
                                     const crypto::VerifyKey& key) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT signing_key FROM survey WHERE survey = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool known,
                              find.BindText(1, survey).Step());
  if (known) {
    return find.Blob(0) == key.view()
               ? absl::OkStatus()
               : Refusal(Reason::kSurveyKeyChanged,
                         "The survey is known under another signing key; ask "
                         "the steward, and compare fingerprints.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare(
          "INSERT INTO survey (survey, signing_key) VALUES (?, ?)"));
  return insert.BindText(1, survey).BindBlob(2, key.view()).Run();
}

absl::Status Catalogue::ImportRound(const SignedBytes& manifest,
                                    const Manifest& parsed,
                                    const ManifestHash& hash) {
  if (manifest.signatures.empty()) {
    return Refusal(Reason::kManifestUnsigned,
                   "The manifest is not signed; import the file that round "
                   "create wrote.");
  }
  const std::string round_id = RoundIdOf(parsed.plan);
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<StoredRound> known,
                              FindRoundLocked(round_id));
  if (known.has_value()) {
    return known->manifest == manifest
               ? absl::OkStatus()
               : Refusal(
                     Reason::kRoundExists,
                     "The round has another manifest already, and a "
                     "manifest never changes; give the round another name.");
  }
  COMMONWAGE_RETURN_IF_ERROR(
      PinSurveyKey(parsed.plan.survey, manifest.signatures.front().key));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare(
          "INSERT INTO round (round_id, survey, manifest, manifest_signatures, "
          "manifest_hash, opens_at, closes_at) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(
      insert.BindText(1, round_id)
          .BindText(2, parsed.plan.survey)
          .BindBlob(3, manifest.bytes)
          .BindBlob(4, WriteSignatures(manifest.signatures))
          .BindBlob(5, hash.view())
          .BindInt64(6, absl::ToUnixMicros(parsed.plan.opens_at))
          .BindInt64(7, absl::ToUnixMicros(parsed.plan.closes_at))
          .Run());
  return transaction.Commit();
}

absl::Status Catalogue::SetState(absl::string_view round_id, RoundState state) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement update,
      database_.Prepare("UPDATE round SET state = ? WHERE round_id = ?"));
  return update.BindInt64(1, static_cast<int64_t>(state))
      .BindText(2, round_id)
      .Run();
}

absl::Status Catalogue::OpenRound(absl::string_view round_id) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round, GetRound(round_id));
  COMMONWAGE_RETURN_IF_ERROR(RefuseCancelled(round));
  if (round.summary.state == RoundState::kOpen) {
    return absl::OkStatus();
  }
  if (round.summary.state != RoundState::kCreated) {
    return WrongState("The round is closed, and a closed round never opens.");
  }
  COMMONWAGE_RETURN_IF_ERROR(SetState(round_id, RoundState::kOpen));
  return transaction.Commit();
}

absl::Status Catalogue::CloseRound(absl::string_view round_id,
                                   std::optional<absl::Time> closed_early_at,
                                   const InboxRoot& inbox_root) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round, GetRound(round_id));
  COMMONWAGE_RETURN_IF_ERROR(RefuseCancelled(round));
  if (round.summary.state == RoundState::kClosed &&
      round.inbox_root == inbox_root) {
    return absl::OkStatus();
  }
  if (round.summary.state >= RoundState::kClosed) {
    return WrongState("The round is closed already.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement update,
      database_.Prepare("UPDATE round SET state = ?1, closed_early = ?2, "
                        "closed_early_at = CASE WHEN ?2 THEN ?3 END, "
                        "inbox_root = ?4 WHERE round_id = ?5"));
  COMMONWAGE_RETURN_IF_ERROR(
      update.BindInt64(1, static_cast<int64_t>(RoundState::kClosed))
          .BindInt64(2, closed_early_at.has_value() ? 1 : 0)
          .BindInt64(3, absl::ToUnixSeconds(
                            closed_early_at.value_or(absl::UnixEpoch())))
          .BindBlob(4, inbox_root.view())
          .BindText(5, round_id)
          .Run());
  return transaction.Commit();
}

absl::Status Catalogue::SetAside(absl::string_view round_id, bool set_aside) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round, GetRound(round_id));
  COMMONWAGE_RETURN_IF_ERROR(RefuseCancelled(round));
  if (HasRelease(round.summary.state)) {
    return WrongState(
        "The round has its release, so there is nothing to set aside.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement update,
      database_.Prepare("UPDATE round SET set_aside = ? WHERE round_id = ?"));
  COMMONWAGE_RETURN_IF_ERROR(
      update.BindInt64(1, set_aside ? 1 : 0).BindText(2, round_id).Run());
  return transaction.Commit();
}

absl::Status Catalogue::ImportRelease(absl::string_view round_id,
                                      const SignedBytes& release) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round, GetRound(round_id));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<SignedBytes> known,
                              FindReleaseLocked(round_id));
  if (known.has_value()) {
    return *known == release
               ? absl::OkStatus()
               : Refusal(Reason::kReleaseExists,
                         "The round has another release already, and a round "
                         "has only one.");
  }
  if (MayTake(round.summary.state)) {
    return WrongState("The round is not closed yet; close it first.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare("INSERT INTO release (round_id, release, signatures) "
                        "VALUES (?, ?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(
      insert.BindText(1, round_id)
          .BindBlob(2, release.bytes)
          .BindBlob(3, WriteSignatures(release.signatures))
          .Run());
  COMMONWAGE_RETURN_IF_ERROR(SetState(round_id, RoundState::kPublished));
  return transaction.Commit();
}

absl::Status Catalogue::MarkErased(absl::string_view round_id) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round, GetRound(round_id));
  if (round.summary.state == RoundState::kCancelled) {
    COMMONWAGE_RETURN_IF_ERROR(NoteCancelledErased(round_id));
    return transaction.Commit();
  }
  if (!HasRelease(round.summary.state)) {
    return WrongState("The round has no release yet, so nothing is erased.");
  }
  COMMONWAGE_RETURN_IF_ERROR(SetState(round_id, RoundState::kErased));
  return transaction.Commit();
}

absl::StatusOr<std::vector<RoundSummary>> Catalogue::ListRounds() {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement list, database_.Prepare(absl::StrCat("SELECT ", kSummaryColumns,
                                                     " FROM round")));
  std::vector<RoundSummary> rounds;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool row, list.Step());
    if (!row) {
      break;
    }
    rounds.push_back(ReadSummary(list));
  }
  std::sort(rounds.begin(), rounds.end(),
            [](const RoundSummary& a, const RoundSummary& b) {
              return IsEarlier(a.place(), b.place());
            });
  return rounds;
}

absl::StatusOr<std::optional<StoredRound>> Catalogue::FindRoundLocked(
    absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare(absl::StrCat(
          "SELECT ", kSummaryColumns,
          ", manifest, manifest_signatures, "
          "inbox_root, exported_digest FROM round WHERE round_id = "
          "?")));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row,
                              find.BindText(1, round_id).Step());
  if (!row) {
    return std::nullopt;
  }
  StoredRound round;
  round.summary = ReadSummary(find);
  round.manifest.bytes = std::string(find.Blob(kColumnsOfSummary));
  COMMONWAGE_ASSIGN_OR_RETURN(round.manifest.signatures,
                              ReadSignatures(find.Blob(kColumnsOfSummary + 1)));
  round.inbox_root = InboxRoot::From(find.Blob(kColumnsOfSummary + 2));
  round.exported_digest = std::string(find.Blob(kColumnsOfSummary + 3));
  return round;
}

absl::StatusOr<StoredRound> Catalogue::GetRound(absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<StoredRound> round,
                              FindRoundLocked(round_id));
  if (!round.has_value()) {
    return RoundUnknown();
  }
  return *std::move(round);
}

absl::StatusOr<std::optional<StoredRound>> Catalogue::FindRound(
    absl::string_view round_id) {
  const MutexLock lock(mutex_);
  return FindRoundLocked(round_id);
}

absl::StatusOr<std::optional<SignedBytes>> Catalogue::FindSignedLocked(
    absl::string_view query, absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(Statement find, database_.Prepare(query));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row,
                              find.BindText(1, round_id).Step());
  if (!row) {
    return std::nullopt;
  }
  SignedBytes found;
  found.bytes = std::string(find.Blob(0));
  COMMONWAGE_ASSIGN_OR_RETURN(found.signatures, ReadSignatures(find.Blob(1)));
  return found;
}

absl::StatusOr<std::optional<SignedBytes>> Catalogue::FindReleaseLocked(
    absl::string_view round_id) {
  return FindSignedLocked(
      "SELECT release, signatures FROM release WHERE round_id = ?", round_id);
}

absl::StatusOr<std::optional<SignedBytes>> Catalogue::FindRelease(
    absl::string_view round_id) {
  const MutexLock lock(mutex_);
  return FindReleaseLocked(round_id);
}

absl::StatusOr<std::optional<crypto::VerifyKey>> Catalogue::FindSurveyKey(
    absl::string_view survey) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT signing_key FROM survey WHERE survey = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row, find.BindText(1, survey).Step());
  return row ? crypto::VerifyKey::From(find.Blob(0)) : std::nullopt;
}

}  // namespace commonwage::storage
