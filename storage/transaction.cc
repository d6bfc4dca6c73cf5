// SPDX-License-Identifier: Apache-2.0
#include "storage/transaction.h"

#include "base/status_macros.h"

namespace commonwage::storage {

absl::StatusOr<Transaction> Transaction::Begin(Database& database) {
  COMMONWAGE_RETURN_IF_ERROR(database.Execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

absl::StatusOr<Transaction> Transaction::BeginRead(Database& database) {
  COMMONWAGE_RETURN_IF_ERROR(database.Execute("BEGIN"));
  return Transaction(database);
}

Transaction::~Transaction() {
  // Some errors end the transaction by themselves.
  if (database_ != nullptr && database_->InTransaction()) {
    // If even this fails, the connection gives up the changes when it closes.
    static_cast<void>(database_->Execute("ROLLBACK"));
  }
}

absl::Status Transaction::Commit() {
  COMMONWAGE_RETURN_IF_ERROR(database_->CheckInPlace());
  // On failure the destructor undoes what the failed commit left open.
  COMMONWAGE_RETURN_IF_ERROR(database_->Execute("COMMIT"));
  // Or somebody moved them meanwhile, and it is durable in the wrong place.
  return database_->CheckInPlace();
}

}  // namespace commonwage::storage
