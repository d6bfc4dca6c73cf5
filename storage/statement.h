// SPDX-License-Identifier: Apache-2.0
// One compiled SQL statement. Values are always bound, never written into SQL.

#ifndef COMMONWAGE_STORAGE_STATEMENT_H_
#define COMMONWAGE_STORAGE_STATEMENT_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sqlite3_stmt;

namespace commonwage::storage {

// A statement of a Database, which must outlive it. Not thread-safe.
class Statement {
 public:
  // Takes over a compiled statement. Use Database::Prepare.
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  // Give the parameter at `index`, from 1, a value. What a failing one failed
  // with is told by the next Step. Blobs and texts are copied.
  Statement& BindInt64(int index, int64_t value);
  Statement& BindBlob(int index, absl::string_view bytes);
  Statement& BindText(int index, absl::string_view text);

  // Runs up to the next row. Returns whether there is one; after the last one
  // the statement is ready to be bound and run again.
  // Fails as sqlite_status.h says.
  absl::StatusOr<bool> Step();

  // Runs to the end, past any rows.
  // Fails as sqlite_status.h says.
  absl::Status Run();

  // Drops what is left of the rows.
  void Reset();

  // Return the column at `index`, from 0, of the current row. Bytes are valid
  // until the next Step, Run or Reset.
  [[nodiscard]] int64_t Int64(int index) const;
  [[nodiscard]] absl::string_view Blob(int index) const;
  [[nodiscard]] absl::string_view Text(int index) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };

  void Remember(int bind_result);

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int bind_result_ = 0;  // SQLITE_OK.
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_STATEMENT_H_
