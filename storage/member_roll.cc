// SPDX-License-Identifier: Apache-2.0
#include "storage/member_roll.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "crypto/secret.h"
#include "storage/database.h"
#include "storage/migrations.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace commonwage::storage {
namespace {

constexpr std::array<absl::string_view, 1> kSchema = {R"sql(
  CREATE TABLE member(
    id INTEGER PRIMARY KEY,         -- Our own; means nothing outside.
    reference TEXT NOT NULL UNIQUE, -- The union's own.
    code_digest BLOB UNIQUE,        -- Keyed hash of the code; NULL: none.
    removed INTEGER NOT NULL        -- 1: no member any more.
  );
  CREATE TABLE issuing_key(
    round TEXT PRIMARY KEY,   -- "<survey>.<round>".
    public_key BLOB NOT NULL, -- DER; treat as immutable.
    private_key BLOB          -- Wrapped; NULL: destroyed, for good.
  ) WITHOUT ROWID;
  CREATE TABLE granted(
    round TEXT NOT NULL REFERENCES issuing_key(round),
    member INTEGER NOT NULL REFERENCES member(id),
    request_digest BLOB NOT NULL, -- Of the one blinded request.
    PRIMARY KEY(round, member)    -- One voice.
  ) WITHOUT ROWID;
)sql"};

absl::Status UnknownMember() {
  return Refusal(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN",
                 "There is no such member; list the members to see their "
                 "references.");
}

absl::Status UnknownRound() {
  return Refusal(absl::StatusCode::kNotFound, "ROUND_UNKNOWN",
                 "There is no issuing key for this round; make one with "
                 "`key create`, or check the round's name.");
}

}  // namespace

absl::StatusOr<std::unique_ptr<MemberRoll>> MemberRoll::Open(
    const std::filesystem::path& path, const crypto::Secret<32>& key,
    const OpenOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(Database database,
                              Database::Open(path, key, options));
  COMMONWAGE_RETURN_IF_ERROR(Migrate(database, kSchema));
  return std::unique_ptr<MemberRoll>(new MemberRoll(std::move(database)));
}

absl::StatusOr<int64_t> MemberRoll::AddMembers(
    absl::Span<const std::string> references) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement add,
      database_.Prepare(
          "INSERT INTO member(reference, removed) VALUES(?, 0) "
          "ON CONFLICT(reference) DO UPDATE SET removed = 0 WHERE removed "
          "RETURNING id"));
  int64_t added = 0;
  for (const std::string& reference : references) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool changed,
                                add.BindText(1, reference).Step());
    added += changed ? 1 : 0;
    add.Reset();
  }
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return added;
}

absl::Status MemberRoll::RemoveMember(absl::string_view reference) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement remove,
      database_.Prepare("UPDATE member SET removed = 1, code_digest = NULL "
                        "WHERE reference = ? RETURNING id"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              remove.BindText(1, reference).Step());
  COMMONWAGE_RETURN_IF_ERROR(remove.Run());
  return found ? absl::OkStatus() : UnknownMember();
}

absl::StatusOr<std::vector<MemberSummary>> MemberRoll::ListMembers() {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement list,
      database_.Prepare("SELECT reference, code_digest IS NOT NULL, removed "
                        "FROM member ORDER BY reference"));
  std::vector<MemberSummary> members;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, list.Step());
    if (!more) {
      return members;
    }
    members.push_back(
        {std::string(list.Text(0)), list.Int64(1) != 0, list.Int64(2) != 0});
  }
}

absl::Status MemberRoll::SetCodes(
    absl::Span<const std::pair<std::string, CodeDigest>> codes) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement set,
      database_.Prepare("UPDATE member SET code_digest = ? "
                        "WHERE reference = ? AND NOT removed RETURNING id"));
  for (const auto& [reference, digest] : codes) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const bool found,
        set.BindBlob(1, digest.view()).BindText(2, reference).Step());
    if (!found) {
      return UnknownMember();
    }
    set.Reset();
  }
  return transaction.Commit();
}

absl::Status MemberRoll::AddIssuingKey(absl::string_view round_id,
                                       const IssuingKey& key) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement add,
      database_.Prepare("INSERT INTO issuing_key(round, public_key, "
                        "private_key) VALUES(?, ?, ?) "
                        "ON CONFLICT(round) DO NOTHING RETURNING round"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool added,
                              add.BindText(1, round_id)
                                  .BindBlob(2, key.public_key_der)
                                  .BindBlob(3, key.wrapped_private_key)
                                  .Step());
  COMMONWAGE_RETURN_IF_ERROR(add.Run());
  if (!added) {
    return Refusal(absl::StatusCode::kAlreadyExists, "ISSUING_KEY_EXISTS",
                   "This round has, or had, its issuing key; a round has one "
                   "only.");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<IssuingKey>> MemberRoll::FindIssuingKey(
    absl::string_view round_id) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT public_key, private_key FROM issuing_key "
                        "WHERE round = ? AND private_key IS NOT NULL"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              find.BindText(1, round_id).Step());
  if (!found) {
    return std::nullopt;
  }
  return IssuingKey{std::string(find.Blob(0)), std::string(find.Blob(1))};
}

absl::Status MemberRoll::DestroyIssuingKey(absl::string_view round_id) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement destroy,
      database_.Prepare("UPDATE issuing_key SET private_key = NULL "
                        "WHERE round = ? RETURNING round"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              destroy.BindText(1, round_id).Step());
  COMMONWAGE_RETURN_IF_ERROR(destroy.Run());
  if (!found) {
    return UnknownRound();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement forget,
      database_.Prepare("DELETE FROM granted WHERE round = ?"));
  COMMONWAGE_RETURN_IF_ERROR(forget.BindText(1, round_id).Run());
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return database_.CheckpointTruncate();
}

absl::StatusOr<std::vector<std::string>> MemberRoll::ListIssuingRounds() {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement list,
      database_.Prepare("SELECT round FROM issuing_key "
                        "WHERE private_key IS NOT NULL ORDER BY round"));
  std::vector<std::string> rounds;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, list.Step());
    if (!more) {
      return rounds;
    }
    rounds.emplace_back(list.Text(0));
  }
}

absl::StatusOr<Grant> MemberRoll::GrantOnce(absl::string_view round_id,
                                            const CodeDigest& code,
                                            const RequestDigest& request) {
  WaitingRequest mine{round_id, code, request, absl::UnknownError(""), false};
  std::vector<WaitingRequest*> batch;
  {
    const MutexLock lock(queue_mutex_);
    waiting_.push_back(&mine);
    while (!mine.done && granting_) {
      granted_.Wait(queue_mutex_);
    }
    if (mine.done) {
      return mine.outcome;
    }
    // Nobody is at it: this thread grants for all that wait.
    granting_ = true;
    batch.swap(waiting_);
  }
  GrantAll(batch);
  const MutexLock lock(queue_mutex_);
  granting_ = false;
  for (WaitingRequest* waiting : batch) {
    waiting->done = true;
  }
  granted_.NotifyAll();
  return mine.outcome;
}

void MemberRoll::GrantAll(absl::Span<WaitingRequest* const> requests) {
  const MutexLock lock(mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  absl::Status failed = transaction.status();
  for (size_t i = 0; i < requests.size() && failed.ok(); ++i) {
    requests[i]->outcome = GrantInTransaction(*requests[i]);
    const absl::Status& status = requests[i]->outcome.status();
    // An unknown round is one caller's; any other error is the store's.
    failed = ReasonOf(status) == "ROUND_UNKNOWN" ? absl::OkStatus() : status;
  }
  if (failed.ok()) {
    failed = transaction->Commit();
  }
  for (WaitingRequest* request : requests) {
    if (!failed.ok()) {
      request->outcome = failed;
    }
  }
}

absl::StatusOr<Grant> MemberRoll::GrantInTransaction(
    const WaitingRequest& request) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement round,
      database_.Prepare("SELECT 1 FROM issuing_key "
                        "WHERE round = ? AND private_key IS NOT NULL"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool known,
                              round.BindText(1, request.round_id).Step());
  if (!known) {
    return UnknownRound();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement member,
      database_.Prepare("SELECT id FROM member "
                        "WHERE code_digest = ? AND NOT removed"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              member.BindBlob(1, request.code.view()).Step());
  return found ? GrantMember(member.Int64(0), request) : Grant::kCodeUnknown;
}

absl::StatusOr<Grant> MemberRoll::GrantMember(int64_t member,
                                              const WaitingRequest& request) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement earlier, database_.Prepare("SELECT request_digest FROM granted "
                                           "WHERE round = ? AND member = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const bool asked_before,
      earlier.BindText(1, request.round_id).BindInt64(2, member).Step());
  if (asked_before) {
    return earlier.Blob(0) == request.request.view() ? Grant::kGranted
                                                     : Grant::kOtherRequested;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement grant,
      database_.Prepare("INSERT INTO granted(round, member, request_digest) "
                        "VALUES(?, ?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(grant.BindText(1, request.round_id)
                                 .BindInt64(2, member)
                                 .BindBlob(3, request.request.view())
                                 .Run());
  return Grant::kGranted;
}

}  // namespace commonwage::storage
