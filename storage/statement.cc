// SPDX-License-Identifier: Apache-2.0
#include "storage/statement.h"

#include <cstddef>

#include <sqlcipher/sqlite3.h>

#include "storage/sqlite_status.h"

namespace commonwage::storage {

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::Remember(int bind_result) {
  if (bind_result_ == SQLITE_OK) {
    bind_result_ = bind_result;
  }
}

Statement& Statement::BindInt64(int index, int64_t value) {
  Remember(sqlite3_bind_int64(statement_.get(), index, value));
  return *this;
}

Statement& Statement::BindBlob(int index, absl::string_view bytes) {
  // A null pointer would bind NULL instead of no bytes.
  const char* data = bytes.empty() ? "" : bytes.data();
  Remember(sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(),
                               SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::BindText(int index, absl::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  Remember(sqlite3_bind_text64(statement_.get(), index, data, text.size(),
                               SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code =
      bind_result_ == SQLITE_OK ? sqlite3_step(statement_.get()) : bind_result_;
  if (code == SQLITE_ROW) {
    return true;
  }
  const int system_errno =
      sqlite3_system_errno(sqlite3_db_handle(statement_.get()));
  Reset();
  bind_result_ = SQLITE_OK;
  if (code != SQLITE_DONE) {
    return StatusOfSqlite(code, system_errno);
  }
  return false;
}

absl::Status Statement::Run() {
  while (true) {
    const absl::StatusOr<bool> row = Step();
    if (!row.ok() || !*row) {
      return row.status();
    }
  }
}

void Statement::Reset() {
  // Repeats the error that Step has told already.
  static_cast<void>(sqlite3_reset(statement_.get()));
}

int64_t Statement::Int64(int index) const {
  return sqlite3_column_int64(statement_.get(), index);
}

absl::string_view Statement::Blob(int index) const {
  const void* data = sqlite3_column_blob(statement_.get(), index);
  const int size = sqlite3_column_bytes(statement_.get(), index);
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

absl::string_view Statement::Text(int index) const { return Blob(index); }

}  // namespace commonwage::storage
