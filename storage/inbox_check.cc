// SPDX-License-Identifier: Apache-2.0
#include "storage/inbox_check.h"

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "survey/frame.h"
#include "survey/labels.h"

namespace commonwage::storage {
namespace {

absl::Status SumTable(Database& database, absl::string_view table,
                      bool withdrawn, InboxRootSum& sum) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement select,
      database.Prepare(absl::StrCat(
          "SELECT pseudonym, sequence, frame_digest FROM ", table)));
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) {
      return absl::OkStatus();
    }
    sum.Add(ReadInboxRow(select, 0, withdrawn));
  }
}

// An old page of an index hides rows that are there. SQLite's own check finds
// that: it looks each row up.
absl::Status CheckIndex(Database& database, absl::string_view table) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement check,
      database.Prepare(absl::StrCat("PRAGMA integrity_check(", table, ")")));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool answered, check.Step());
  return answered && check.Text(0) == "ok" ? absl::OkStatus() : InboxAltered();
}

}  // namespace

absl::Status InboxAltered() {
  return Refusal(absl::StatusCode::kDataLoss, "INBOX_ALTERED",
                 "The inbox is not as it was written: part of an earlier state "
                 "was put back. Restore it whole.");
}

InboxRow ReadInboxRow(const Statement& statement, int first, bool withdrawn) {
  return {
      .pseudonym = Pseudonym::From(statement.Blob(first)).value_or(Pseudonym()),
      .sequence = static_cast<uint64_t>(statement.Int64(first + 1)),
      .frame_digest = crypto::Digest::From(statement.Blob(first + 2))
                          .value_or(crypto::Digest()),
      .withdrawn = withdrawn};
}

absl::Status SumInboxRows(Database& database, InboxRootSum& sum) {
  sum.Set(InboxRoot());
  COMMONWAGE_RETURN_IF_ERROR(
      SumTable(database, "newest", /*withdrawn=*/false, sum));
  COMMONWAGE_RETURN_IF_ERROR(
      SumTable(database, "settled", /*withdrawn=*/false, sum));
  COMMONWAGE_RETURN_IF_ERROR(
      SumTable(database, "withdrawn", /*withdrawn=*/true, sum));
  COMMONWAGE_RETURN_IF_ERROR(CheckIndex(database, "newest"));
  return CheckIndex(database, "settled");
}

absl::Status VisitSettledFrames(Database& database, InboxRootSum& sum,
                                Inbox::VisitFrame visit) {
  sum.Set(InboxRoot());
  // By the index, or SQLite would sort all frames in memory.
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement select,
      database.Prepare("SELECT pseudonym, sequence, frame_digest, frame FROM "
                       "settled INDEXED BY settled_by_pseudonym "
                       "ORDER BY pseudonym"));
  std::optional<Pseudonym> previous;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) {
      return absl::OkStatus();
    }
    const InboxRow row = ReadInboxRow(select, 0, /*withdrawn=*/false);
    const absl::string_view frame = select.Blob(3);
    if ((previous.has_value() && row.pseudonym <= *previous) ||
        frame.size() != kFrameSize ||
        crypto::Sha256(kFrameDigestLabel, frame) != row.frame_digest) {
      return InboxAltered();
    }
    previous = row.pseudonym;
    sum.Add(row);
    COMMONWAGE_RETURN_IF_ERROR(visit(frame));
  }
}

}  // namespace commonwage::storage
