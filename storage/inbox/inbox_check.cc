// SPDX-License-Identifier: Apache-2.0
#include "storage/inbox/inbox_check.h"

#include <cstdint>
#include <optional>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"

namespace commonwage::storage {
namespace {

// A sum over (prefix, rowid) that an index and its table share if the one
// leads to all of the other. No more than that: InboxRootSum says whether the
// rows are the right ones.
uint64_t LinkHash(int64_t prefix, int64_t rowid) {
  return absl::HashOf(prefix, rowid);
}

// An old page of an index hides rows that are there.
absl::StatusOr<uint64_t> SumIndex(Database& database, absl::string_view table) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement select,
      database.Prepare(absl::StrCat("SELECT prefix, rowid FROM ", table,
                                    " INDEXED BY ", table, "_by_prefix")));
  uint64_t links = 0;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) {
      return links;
    }
    links += LinkHash(select.Int64(0), select.Int64(1));
  }
}

absl::Status SumTable(Database& database, absl::string_view table,
                      InboxRootSum& sum) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement select,
      database.Prepare(absl::StrCat(
          "SELECT pseudonym, sequence, frame_digest, prefix, rowid FROM ",
          table, " NOT INDEXED")));
  uint64_t links = 0;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) {
      break;
    }
    sum.Add(ReadInboxRow(select, 0, /*withdrawn=*/false));
    links += LinkHash(select.Int64(3), select.Int64(4));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const uint64_t index_links,
                              SumIndex(database, table));
  return links == index_links ? absl::OkStatus() : InboxAltered();
}

absl::Status SumWithdrawn(Database& database, InboxRootSum& sum) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement select,
      database.Prepare(
          "SELECT pseudonym, sequence, frame_digest FROM withdrawn"));
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) {
      return absl::OkStatus();
    }
    sum.Add(ReadInboxRow(select, 0, /*withdrawn=*/true));
  }
}

}  // namespace

absl::Status InboxAltered() {
  return Refusal(Reason::kInboxAltered,
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
  COMMONWAGE_RETURN_IF_ERROR(SumTable(database, "newest", sum));
  COMMONWAGE_RETURN_IF_ERROR(SumTable(database, "settled", sum));
  return SumWithdrawn(database, sum);
}

absl::Status VisitSettledFrames(Database& database, InboxRootSum& sum,
                                Inbox::VisitFrame visit) {
  sum.Set(InboxRoot());
  // By the index, or SQLite would sort all frames in memory.
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement select,
      database.Prepare("SELECT pseudonym, sequence, frame_digest, frame FROM "
                       "settled INDEXED BY settled_by_prefix "
                       "ORDER BY prefix, pseudonym"));
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
