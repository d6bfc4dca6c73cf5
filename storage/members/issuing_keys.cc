// SPDX-License-Identifier: Apache-2.0
// The rounds of a union office's roll, and their issuing keys.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/members/member_roll.h"
#include "storage/members/places.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace commonwage::storage {

absl::Status MemberRoll::AddIssuingKey(absl::string_view round_id,
                                       const IssuingKey& key) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement add,
      database_.Prepare("INSERT INTO issuing_key(round, public_key, "
                        "private_key) VALUES(?, ?, ?) "
                        "ON CONFLICT(round) DO NOTHING RETURNING round"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool added,
                              add.BindText(1, round_id)
                                  .BindBlob(2, key.public_key_der)
                                  .BindBlob(3, key.wrapped_private_key)
                                  .Step());
  COMMONWAGE_RETURN_IF_ERROR(add.Run());
  if (!added) {
    return Refusal(Reason::kIssuingKeyExists,
                   "This round has, or had, its issuing key; a round has one "
                   "only.");
  }
  COMMONWAGE_RETURN_IF_ERROR(database_.Execute(kAddPlaces));
  return transaction.Commit();
}

absl::StatusOr<std::optional<IssuingKey>> MemberRoll::FindIssuingKey(
    absl::string_view round_id) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT public_key, private_key FROM issuing_key "
                        "WHERE round = ? AND private_key IS NOT NULL"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool found,
                              find.BindText(1, round_id).Step());
  if (!found) {
    return std::nullopt;
  }
  return IssuingKey{std::string(find.Blob(0)), std::string(find.Blob(1))};
}

absl::Status MemberRoll::DestroyIssuingKey(absl::string_view round_id,
                                           RoundEnd end) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement destroy,
      database_.Prepare("UPDATE issuing_key SET private_key = NULL, "
                        "called_off = max(called_off, ?2) "
                        "WHERE round = ?1 RETURNING round"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const bool found, destroy.BindText(1, round_id)
                            .BindInt64(2, end == RoundEnd::kCalledOff ? 1 : 0)
                            .Step());
  COMMONWAGE_RETURN_IF_ERROR(destroy.Run());
  if (!found) {
    return NoIssuingKey();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement forget,
      database_.Prepare("DELETE FROM granted WHERE round = ?"));
  COMMONWAGE_RETURN_IF_ERROR(forget.BindText(1, round_id).Run());
  // Whose code is kept and whose is not would say for good who took part.
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement forget_codes,
      database_.Prepare("UPDATE kept_code SET sealed = zeroblob(54) "
                        "WHERE sealed <> zeroblob(54)"));
  COMMONWAGE_RETURN_IF_ERROR(forget_codes.Run());
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return database_.CheckpointTruncate();
}

absl::StatusOr<bool> MemberRoll::WasCalledOff(absl::string_view round_id) {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare(
          "SELECT 1 FROM issuing_key WHERE round = ? AND called_off"));
  return find.BindText(1, round_id).Step();
}

absl::StatusOr<std::vector<IssuingRound>> MemberRoll::ListRounds() {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement list,
      database_.Prepare("SELECT round, private_key IS NOT NULL, called_off "
                        "FROM issuing_key ORDER BY round"));
  std::vector<IssuingRound> rounds;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool more, list.Step());
    if (!more) {
      return rounds;
    }
    rounds.push_back(
        {std::string(list.Text(0)), list.Int64(1) != 0, list.Int64(2) != 0});
  }
}

}  // namespace commonwage::storage
