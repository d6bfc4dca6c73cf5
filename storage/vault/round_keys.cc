// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/round_keys.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "storage/destroyable_key.h"
#include "storage/statement.h"

namespace commonwage::storage {
namespace {

constexpr absl::string_view kEnded =
    "(SELECT round_id FROM release UNION SELECT round_id FROM cancellation)";

absl::Status KeyLost() {
  return Refusal(
      Reason::kRoundKeyLost,
      "The key that opens this round is gone: this vault is an "
      "older copy of one that has published the round or called it "
      "off, or its shred.key is not the one that the round was made with.");
}

}  // namespace

absl::Status AddRoundKey(Database& database, const ShredFile& file,
                         absl::string_view round_id,
                         const crypto::Secret<32>& key, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement add,
      database.Prepare(
          "INSERT INTO round_key (round_id, opening_key) VALUES (?, ?)"));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string wrapped,
                              WrapDestroyable(file, round_id, key, random));
  return add.BindText(1, round_id).BindBlob(2, wrapped).Run();
}

absl::StatusOr<crypto::Secret<32>> GetRoundKey(Database& database,
                                               const ShredFile& file,
                                               absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database.Prepare("SELECT opening_key FROM round_key WHERE round_id = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row,
                              find.BindText(1, round_id).Step());
  if (!row) {
    return KeyLost();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<crypto::Secret<32>> key,
                              UnwrapDestroyable(file, round_id, find.Blob(0)));
  if (!key.has_value()) {
    return KeyLost();
  }
  return *std::move(key);
}

absl::Status DestroyEndedKeys(Database& database, const ShredFile& file,
                              RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database.Prepare(absl::StrCat(
          "SELECT opening_key FROM round_key WHERE round_id IN ", kEnded)));
  bool any = false;
  absl::StatusOr<bool> row = find.Step();
  while (row.ok() && *row) {
    any = true;
    const absl::Status destroyed = DestroyKey(file, find.Blob(0), random);
    row = destroyed.ok() ? find.Step() : destroyed;
  }
  COMMONWAGE_RETURN_IF_ERROR(row.status());
  find.Reset();
  // What is left opens nothing. It goes too, now or, if another program is at
  // the vault, at the next call.
  static_cast<void>(
      any ? database.Execute(absl::StrCat(
                "DELETE FROM round_key WHERE round_id IN ", kEnded))
          : absl::OkStatus());
  return absl::OkStatus();
}

}  // namespace commonwage::storage
