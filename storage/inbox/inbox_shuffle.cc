// SPDX-License-Identifier: Apache-2.0
#include "storage/inbox/inbox_shuffle.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/status_macros.h"
#include "storage/statement.h"

namespace commonwage::storage {
namespace {

constexpr int64_t kMinSegment = 16;
constexpr int64_t kMaxSegment = 8192;
constexpr int64_t kSettledPerNewest = 4;
constexpr int64_t kSettledPerNewestWhileOthersWait = 1;

constexpr absl::string_view kColumns =
    "rowid, prefix, pseudonym, sequence, frame_digest, frame";

struct Row {
  int64_t prefix = 0;
  std::string pseudonym;
  int64_t sequence = 0;
  std::string frame_digest;
  std::string frame;
};

// Returns a number below `bound`. Its distribution differs from the uniform one
// by less than bound / 2^64.
uint64_t DrawBelow(uint64_t bound, RandomSource& random) {
  uint64_t draw = 0;
  random.Fill(absl::MakeSpan(reinterpret_cast<uint8_t*>(&draw), sizeof(draw)));
  __extension__ using Uint128 = unsigned __int128;
  return static_cast<uint64_t>((Uint128{draw} * bound) >> 64U);
}

void Shuffle(std::vector<Row>& rows, RandomSource& random) {
  for (size_t left = rows.size(); left > 1; --left) {
    std::swap(rows[left - 1], rows[DrawBelow(left, random)]);
  }
}

// Adds the rows of `select`, and where they are.
absl::Status Take(Statement& select, std::vector<Row>& rows,
                  std::vector<int64_t>& places) {
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) {
      return absl::OkStatus();
    }
    places.push_back(select.Int64(0));
    rows.push_back({select.Int64(1), std::string(select.Blob(2)),
                    select.Int64(3), std::string(select.Blob(4)),
                    std::string(select.Blob(5))});
  }
}

absl::Status Put(Database& database, const std::vector<Row>& rows,
                 const std::vector<int64_t>& places) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database.Prepare(absl::StrCat("INSERT INTO settled (", kColumns,
                                    ") VALUES (?, ?, ?, ?, ?, ?)")));
  for (size_t i = 0; i < rows.size(); ++i) {
    COMMONWAGE_RETURN_IF_ERROR(insert.BindInt64(1, places[i])
                                   .BindInt64(2, rows[i].prefix)
                                   .BindBlob(3, rows[i].pseudonym)
                                   .BindInt64(4, rows[i].sequence)
                                   .BindBlob(5, rows[i].frame_digest)
                                   .BindBlob(6, rows[i].frame)
                                   .Run());
  }
  return absl::OkStatus();
}

}  // namespace

int64_t SegmentLimit(int64_t settled_rows, bool others_wait) {
  return std::clamp(
      settled_rows /
          (others_wait ? kSettledPerNewestWhileOthersWait : kSettledPerNewest),
      kMinSegment, kMaxSegment);
}

absl::Status ShuffleRows(Database& database, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t last,
      database.QueryInt64("SELECT coalesce(max(rowid), 0) FROM settled"));
  const int64_t window = std::min(last, kShuffleWindow);
  const auto first = static_cast<int64_t>(
      DrawBelow(static_cast<uint64_t>(last - window) + 1, random));

  std::vector<Row> rows;
  std::vector<int64_t> places;
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement older, database.Prepare(absl::StrCat(
                           "SELECT ", kColumns,
                           " FROM settled WHERE rowid > ? AND rowid <= ?")));
  older.BindInt64(1, first).BindInt64(2, first + window);
  COMMONWAGE_RETURN_IF_ERROR(Take(older, rows, places));
  const size_t older_rows = rows.size();
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement newest,
      database.Prepare(absl::StrCat("SELECT ", kColumns, " FROM newest")));
  COMMONWAGE_RETURN_IF_ERROR(Take(newest, rows, places));
  // The new rows get the places behind the last one.
  for (size_t i = older_rows; i < places.size(); ++i) {
    places[i] = last + 1 + static_cast<int64_t>(i - older_rows);
  }
  Shuffle(rows, random);

  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement remove,
      database.Prepare("DELETE FROM settled WHERE rowid > ? AND rowid <= ?"));
  COMMONWAGE_RETURN_IF_ERROR(
      remove.BindInt64(1, first).BindInt64(2, first + window).Run());
  COMMONWAGE_RETURN_IF_ERROR(database.Execute("DELETE FROM newest"));
  return Put(database, rows, places);
}

}  // namespace commonwage::storage
