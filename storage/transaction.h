// SPDX-License-Identifier: Apache-2.0
// All or nothing, and nothing else meanwhile.

#ifndef COMMONWAGE_STORAGE_TRANSACTION_H_
#define COMMONWAGE_STORAGE_TRANSACTION_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/database.h"

namespace commonwage::storage {

// A transaction on a Database, which must outlive it. Undone when it goes
// without having been committed.
class Transaction {
 public:
  // Takes the write lock at once, so that what is read stays true until the
  // commit. Fails with UNAVAILABLE (DATABASE_BUSY) if another connection keeps
  // it beyond the busy timeout; otherwise as sqlite_status.h says.
  static absl::StatusOr<Transaction> Begin(Database& database);

  // Reads one state of the database throughout, without keeping anybody from
  // writing the next. Fails as sqlite_status.h says.
  static absl::StatusOr<Transaction> BeginRead(Database& database);

  Transaction(Transaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // Makes everything since Begin durable. If it fails nothing was changed.
  // Fails as sqlite_status.h says, and with UNAVAILABLE (DATABASE_MOVED) if the
  // database's files are no longer at their paths.
  absl::Status Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_TRANSACTION_H_
