// SPDX-License-Identifier: Apache-2.0
// Calling off a round that the vault has made.

#include <functional>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "storage/statement.h"
#include "storage/transaction.h"
#include "storage/vault/round_keys.h"
#include "storage/vault/vault.h"

namespace commonwage::storage {
namespace {

absl::Status RoundPublished() {
  return Refusal(Reason::kRoundPublished,
                 "The round has its release, and can no longer be called off.");
}

}  // namespace

absl::StatusOr<std::optional<SignedBytes>> Vault::FindCancellation(
    absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT cancellation, signatures FROM cancellation "
                        "WHERE round_id = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row,
                              find.BindText(1, round_id).Step());
  if (!row) {
    return std::nullopt;
  }
  SignedBytes cancellation;
  cancellation.bytes = std::string(find.Blob(0));
  COMMONWAGE_ASSIGN_OR_RETURN(cancellation.signatures,
                              ReadSignatures(find.Blob(1)));
  return cancellation;
}

absl::StatusOr<SignedBytes> Vault::CommitCancellation(
    absl::string_view round_id,
    const std::function<absl::StatusOr<SignedBytes>()>& sign) {
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<SignedBytes> committed,
                              FindCancellation(round_id));
  if (committed.has_value()) {
    return *std::move(committed);
  }
  const absl::Status key = OpeningKeyOf(round_id).status();
  if (ReasonOf(key) == Reason::kRoundKeyDestroyed) {
    return RoundPublished();
  }
  COMMONWAGE_RETURN_IF_ERROR(key);
  COMMONWAGE_ASSIGN_OR_RETURN(SignedBytes cancellation, sign());
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare("INSERT INTO cancellation (round_id, cancellation, "
                        "signatures) VALUES (?, ?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(
      insert.BindText(1, round_id)
          .BindBlob(2, cancellation.bytes)
          .BindBlob(3, WriteSignatures(cancellation.signatures))
          .Run());
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return cancellation;
}

absl::StatusOr<SignedBytes> Vault::CancelOnce(
    absl::string_view round_id,
    const std::function<absl::StatusOr<SignedBytes>()>& sign) {
  COMMONWAGE_ASSIGN_OR_RETURN(SignedBytes cancellation,
                              CommitCancellation(round_id, sign));
  COMMONWAGE_RETURN_IF_ERROR(DestroyEndedKeysNow());
  return cancellation;
}

}  // namespace commonwage::storage
