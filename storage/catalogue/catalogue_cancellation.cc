// SPDX-License-Identifier: Apache-2.0
// Rounds that were called off, in the catalogue. A cancellation stands beside a
// round's state, so that a release, which beats it, finds the state as it was.

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/catalogue/catalogue.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace commonwage::storage {

absl::Status Catalogue::ImportCancellation(absl::string_view round_id,
                                           const SignedBytes& cancellation) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round, GetRound(round_id));
  if (HasRelease(round.summary.state)) {
    return Refusal(Reason::kReleaseExists,
                   "The round has its release, and a release beats a "
                   "cancellation: nothing was called off. Ask the steward why "
                   "there are both.");
  }
  if (round.summary.state == RoundState::kCancelled) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare("INSERT INTO cancellation (round_id, cancellation, "
                        "signatures) VALUES (?, ?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(
      insert.BindText(1, round_id)
          .BindBlob(2, cancellation.bytes)
          .BindBlob(3, WriteSignatures(cancellation.signatures))
          .Run());
  // What it kept from being deleted nobody can open any more.
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement no_longer_aside,
      database_.Prepare("UPDATE round SET set_aside = 0 WHERE round_id = ?"));
  COMMONWAGE_RETURN_IF_ERROR(no_longer_aside.BindText(1, round_id).Run());
  return transaction.Commit();
}

absl::Status Catalogue::NoteCancelledErased(absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement note,
      database_.Prepare(
          "UPDATE cancellation SET erased = 1 WHERE round_id = ?"));
  return note.BindText(1, round_id).Run();
}

absl::StatusOr<std::optional<SignedBytes>> Catalogue::FindCancellation(
    absl::string_view round_id) {
  const MutexLock lock(mutex_);
  return FindSignedLocked(
      "SELECT cancellation, signatures FROM cancellation WHERE round_id = ?",
      round_id);
}

}  // namespace commonwage::storage
