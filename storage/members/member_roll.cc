// SPDX-License-Identifier: Apache-2.0
#include "storage/members/member_roll.h"

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
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "crypto/secret.h"
#include "storage/database.h"
#include "storage/members/member_roll_schema.h"
#include "storage/members/places.h"
#include "storage/migrations.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace commonwage::storage {
namespace {

static_assert(SealedCode::kSize == 54, "the statements say so too");

// Gives every member a place for a code.
constexpr absl::string_view kAddCodePlaces =
    "INSERT INTO kept_code SELECT id, zeroblob(54) FROM member WHERE true "
    "ORDER BY id ON CONFLICT DO NOTHING";

absl::Status UnknownMember() {
  return Refusal(Reason::kMemberUnknown,
                 "There is no such member; list the members to see their "
                 "references.");
}

absl::Status Altered() {
  return Refusal(Reason::kRollAltered,
                 "The roll has been altered, or the disk fails; restore a "
                 "backup.");
}

}  // namespace

struct MemberRoll::Statements {
  Statement find_round;
  Statement find_member;
  Statement grant;
  Statement forget_code;
};

MemberRoll::MemberRoll(Database database,
                       std::unique_ptr<Statements> statements)
    : database_(std::move(database)), statements_(std::move(statements)) {}

absl::StatusOr<std::unique_ptr<MemberRoll>> MemberRoll::Open(
    const std::filesystem::path& path, const crypto::Secret<32>& key,
    const OpenOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(Database database,
                              Database::Open(path, key, options));
  COMMONWAGE_RETURN_IF_ERROR(Migrate(database, kRollSchema));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find_round,
      database.Prepare("SELECT 1 FROM issuing_key "
                       "WHERE round = ? AND private_key IS NOT NULL"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find_member,
      database.Prepare("SELECT member.id, granted.request_digest FROM member "
                       "LEFT JOIN granted ON granted.round = ?1 "
                       "AND granted.member = member.id "
                       "WHERE code_digest = ?2 AND NOT removed"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement grant, database.Prepare("UPDATE granted SET request_digest = ? "
                                        "WHERE round = ? AND member = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement forget_code,
      database.Prepare("UPDATE kept_code SET sealed = zeroblob(54) "
                       "WHERE member = ? AND sealed <> zeroblob(54)"));
  std::unique_ptr<MemberRoll> roll(new MemberRoll(
      std::move(database), std::make_unique<Statements>(Statements{
                               std::move(find_round), std::move(find_member),
                               std::move(grant), std::move(forget_code)})));
  // The last process may have crashed before it emptied the log.
  static_cast<void>(roll->TidyLog());
  return roll;
}

MemberRoll::~MemberRoll() { static_cast<void>(TidyLog()); }

absl::Status MemberRoll::TidyLog() {
  const MutexLock lock(mutex_);
  return log_holds_order_ ? EmptyLog() : absl::OkStatus();
}

absl::Status MemberRoll::EmptyLog() {
  log_holds_order_ = true;
  // Members do not wait for a command that reads; this is tried again soon.
  COMMONWAGE_RETURN_IF_ERROR(
      database_.CheckpointTruncate(absl::ZeroDuration()));
  log_holds_order_ = false;
  return absl::OkStatus();
}

absl::StatusOr<int64_t> MemberRoll::AddMembers(Choose choose) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<MemberSummary> members,
                              ReadMembers());
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<std::string> references,
                              choose(members));
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
  COMMONWAGE_RETURN_IF_ERROR(database_.Execute(kAddPlaces));
  COMMONWAGE_RETURN_IF_ERROR(database_.Execute(kAddCodePlaces));
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return added;
}

absl::StatusOr<int64_t> MemberRoll::AddMembers(
    absl::Span<const std::string> references) {
  return AddMembers([references](absl::Span<const MemberSummary> /*members*/) {
    return std::vector<std::string>(references.begin(), references.end());
  });
}

absl::Status MemberRoll::RemoveMember(absl::string_view reference) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement remove,
      database_.Prepare("UPDATE member SET removed = 1, code_digest = NULL "
                        "WHERE reference = ? RETURNING id"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              remove.BindText(1, reference).Step());
  if (!found) {
    return UnknownMember();
  }
  COMMONWAGE_RETURN_IF_ERROR(
      statements_->forget_code.BindInt64(1, remove.Int64(0)).Run());
  COMMONWAGE_RETURN_IF_ERROR(remove.Run());
  return transaction.Commit();
}

absl::StatusOr<std::vector<MemberSummary>> MemberRoll::ListMembers() {
  const MutexLock lock(mutex_);
  return ReadMembers();
}

absl::StatusOr<std::vector<MemberSummary>> MemberRoll::ReadMembers() {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement list,
      database_.Prepare("SELECT reference, code_digest IS NOT NULL, "
                        "sealed <> zeroblob(54), removed FROM member "
                        "JOIN kept_code ON kept_code.member = member.id "
                        "ORDER BY reference"));
  std::vector<MemberSummary> members;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, list.Step());
    if (!more) {
      return members;
    }
    members.push_back({.reference = std::string(list.Text(0)),
                       .has_code = list.Int64(1) != 0,
                       .code_kept = list.Int64(2) != 0,
                       .removed = list.Int64(3) != 0});
  }
}

absl::Status MemberRoll::SetCodes(absl::Span<const MemberCode> codes,
                                  OldCode old_code) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT id, code_digest IS NOT NULL FROM member "
                        "WHERE reference = ? AND NOT removed"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement set,
      database_.Prepare("UPDATE member SET code_digest = ? WHERE id = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement keep,
      database_.Prepare("UPDATE kept_code SET sealed = ? WHERE member = ?"));
  for (const MemberCode& code : codes) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                                find.BindText(1, code.reference).Step());
    if (!found) {
      return UnknownMember();
    }
    const int64_t id = find.Int64(0);
    const bool has_code = find.Int64(1) != 0;
    find.Reset();
    if (has_code && old_code == OldCode::kStays) {
      continue;
    }
    COMMONWAGE_RETURN_IF_ERROR(
        set.BindBlob(1, code.digest.view()).BindInt64(2, id).Run());
    COMMONWAGE_RETURN_IF_ERROR(
        keep.BindBlob(1, code.sealed.view()).BindInt64(2, id).Run());
  }
  return transaction.Commit();
}

absl::StatusOr<std::vector<MemberCode>> MemberRoll::ListKeptCodes() {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement list,
      database_.Prepare("SELECT reference, code_digest, sealed FROM member "
                        "JOIN kept_code ON kept_code.member = member.id "
                        "WHERE sealed <> zeroblob(54) ORDER BY reference"));
  std::vector<MemberCode> codes;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, list.Step());
    if (!more) {
      return codes;
    }
    const auto digest = CodeDigest::From(list.Blob(1));
    const auto sealed = SealedCode::From(list.Blob(2));
    if (!digest.has_value() || !sealed.has_value()) {
      return Altered();
    }
    codes.push_back({std::string(list.Text(0)), *digest, *sealed});
  }
}

std::vector<absl::StatusOr<Grant>> MemberRoll::GrantAll(
    absl::Span<const GrantRequest> requests) {
  const MutexLock lock(mutex_);
  std::vector<absl::StatusOr<Grant>> outcomes;
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  absl::Status failed = transaction.status();
  for (size_t i = 0; i < requests.size() && failed.ok(); ++i) {
    outcomes.push_back(GrantOne(requests[i]));
    const absl::Status& status = outcomes.back().status();
    // An unknown round is one caller's; any other error is the store's.
    failed =
        ReasonOf(status) == Reason::kUnknownRound ? absl::OkStatus() : status;
  }
  if (failed.ok()) {
    failed = transaction->Commit();
    // An image of a page for each batch of grants would be left in it.
    static_cast<void>(EmptyLog());
  }
  if (!failed.ok()) {
    outcomes.assign(requests.size(), failed);
  }
  return outcomes;
}

absl::StatusOr<Grant> MemberRoll::GrantOne(const GrantRequest& request) {
  Statement& round = statements_->find_round;
  COMMONWAGE_ASSIGN_OR_RETURN(const bool known,
                              round.BindText(1, request.round_id).Step());
  if (!known) {
    return NoIssuingKey();
  }
  round.Reset();
  Statement& member = statements_->find_member;
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              member.BindText(1, request.round_id)
                                  .BindBlob(2, request.code.view())
                                  .Step());
  if (!found) {
    return Grant::kCodeUnknown;
  }
  const int64_t id = member.Int64(0);
  const auto earlier = RequestDigest::From(member.Blob(1));
  member.Reset();
  if (!earlier.has_value()) {
    return Altered();
  }
  // Whoever types the code has the letter: it needs no second one.
  COMMONWAGE_RETURN_IF_ERROR(statements_->forget_code.BindInt64(1, id).Run());
  if (*earlier != RequestDigest()) {
    return *earlier == request.request ? Grant::kGranted
                                       : Grant::kOtherRequested;
  }
  COMMONWAGE_RETURN_IF_ERROR(
      statements_->grant.BindBlob(1, request.request.view())
          .BindText(2, request.round_id)
          .BindInt64(3, id)
          .Run());
  return Grant::kGranted;
}

}  // namespace commonwage::storage
