// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault.h"

#include <cstddef>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/error.h"
#include "base/file/private_directory.h"
#include "base/status_macros.h"
#include "storage/migrations.h"
#include "storage/statement.h"
#include "storage/transaction.h"
#include "storage/unfinished_directory.h"
#include "storage/vault/round_keys.h"
#include "storage/vault/vault_key.h"
#include "storage/vault/vault_schema.h"

namespace commonwage::storage {
namespace {

constexpr const char* kDatabaseFile = "vault.db";

absl::Status RoundUnknown() {
  return Refusal(Reason::kUnknownRound,
                 "The vault has no such round; it was made in another vault.");
}

absl::Status RoundCancelled() {
  return Refusal(Reason::kRoundCancelled,
                 "The round was called off, which is final: its key is "
                 "destroyed, and it has no release. round cancel writes its "
                 "cancellation again.");
}

// Puts a vault into a directory that is being made.
absl::StatusOr<Vault> MakeIn(const std::filesystem::path& directory,
                             const crypto::SecretBytes& passphrase,
                             RandomSource& random,
                             const crypto::PassphraseCost& cost) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> key,
      CreateVaultKey(directory, passphrase, random, cost));
  OpenOptions options;
  options.create = true;
  return Vault::OpenDatabase(directory / kDatabaseFile, key, random, options);
}

VaultRound ReadRound(const Statement& row,
                     std::vector<DetachedSignature> signatures) {
  VaultRound round;
  round.id = std::string(row.Text(0));
  round.survey = std::string(row.Text(1));
  round.manifest.bytes = std::string(row.Blob(2));
  round.manifest.signatures = std::move(signatures);
  round.manifest_hash =
      ManifestHash::From(row.Blob(4)).value_or(ManifestHash());
  round.loss_micro_rho = row.Int64(5);
  round.released = row.Int64(6) != 0;
  round.cancelled = row.Int64(7) != 0;
  return round;
}

// Prepares to find the rounds that `condition` matches, for ReadRound.
absl::StatusOr<Statement> FindRounds(Database& database,
                                     absl::string_view condition) {
  return database.Prepare(absl::StrCat(
      "SELECT round_id, survey, manifest, manifest_signatures, "
      "manifest_hash, loss_micro_rho, EXISTS (SELECT 1 FROM release "
      "WHERE release.round_id = round.round_id), EXISTS (SELECT 1 FROM "
      "cancellation WHERE cancellation.round_id = round.round_id) FROM round "
      "WHERE ",
      condition));
}

// Returns the one round that `condition` matches with `parameter`.
absl::StatusOr<std::optional<VaultRound>> FindOne(Database& database,
                                                  absl::string_view condition,
                                                  absl::string_view parameter,
                                                  bool parameter_is_text) {
  COMMONWAGE_ASSIGN_OR_RETURN(Statement find, FindRounds(database, condition));
  if (parameter_is_text) {
    find.BindText(1, parameter);
  } else {
    find.BindBlob(1, parameter);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row, find.Step());
  if (!row) {
    return std::nullopt;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<DetachedSignature> signatures,
                              ReadSignatures(find.Blob(3)));
  return ReadRound(find, std::move(signatures));
}

}  // namespace

absl::StatusOr<Vault> Vault::Create(const std::filesystem::path& directory,
                                    const crypto::SecretBytes& passphrase,
                                    RandomSource& random,
                                    const crypto::PassphraseCost& cost) {
  COMMONWAGE_ASSIGN_OR_RETURN(UnfinishedDirectory making,
                              UnfinishedDirectory::Begin(directory));
  COMMONWAGE_ASSIGN_OR_RETURN(Vault vault,
                              MakeIn(directory, passphrase, random, cost));
  COMMONWAGE_RETURN_IF_ERROR(making.Finish());
  return vault;
}

absl::StatusOr<Vault> Vault::Open(const std::filesystem::path& directory,
                                  const crypto::SecretBytes& passphrase,
                                  RandomSource& random,
                                  const crypto::PassphraseCost& cost) {
  COMMONWAGE_RETURN_IF_ERROR(UnfinishedDirectory::RefuseUnfinished(directory));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> key,
                              OpenVaultKey(directory, passphrase, cost));
  COMMONWAGE_RETURN_IF_ERROR(
      CheckPrivateDirectory({directory.string(), "vault"}));
  return OpenDatabase(directory / kDatabaseFile, key, random, {});
}

absl::StatusOr<Vault> Vault::OpenDatabase(const std::filesystem::path& path,
                                          const crypto::Secret<32>& key,
                                          RandomSource& random,
                                          const OpenOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(Database database,
                              Database::Open(path, key, options));
  COMMONWAGE_RETURN_IF_ERROR(Migrate(database, kVaultSchema));
  ShredFile shred_file(path.parent_path() / std::string(kShredFileName));
  // A publication or a cancellation may have crashed between its commit and
  // this. If this fails, the next opening does it, and whoever tries again is
  // told.
  static_cast<void>(DestroyEndedKeys(database, shred_file, random));
  static_cast<void>(database.CheckpointTruncate());
  return Vault(std::move(database), std::move(shred_file), random);
}

absl::StatusOr<crypto::SigningKey> Vault::SigningKeyOf(absl::string_view survey,
                                                       RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT signing_seed FROM survey WHERE survey = ? AND "
                        "signing_seed IS NOT NULL"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool known,
                              find.BindText(1, survey).Step());
  if (known) {
    const std::optional<crypto::Secret<32>> seed =
        crypto::Secret<32>::From(find.Blob(0));
    COMMONWAGE_CHECK(seed.has_value());
    return crypto::SigningKey::FromSeed(*seed);
  }
  const crypto::Secret<32> seed = crypto::Secret<32>::Random(random);
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare(
          "INSERT INTO survey (survey, signing_seed) VALUES (?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(
      insert.BindText(1, survey).BindBlob(2, seed.ExposeText()).Run());
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return crypto::SigningKey::FromSeed(seed);
}

absl::Status Vault::CreateRound(const NewVaultRound& round,
                                const crypto::Secret<32>& opening_key) {
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<VaultRound> known,
                              FindRound(round.id));
  if (known.has_value()) {
    return Refusal(Reason::kRoundExists,
                   "The vault has a round of this name already; give the new "
                   "one another name.");
  }
  COMMONWAGE_RETURN_IF_ERROR(Reserve(round));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare(
          "INSERT INTO round (round_id, survey, manifest, manifest_signatures, "
          "manifest_hash, loss_micro_rho) VALUES (?, ?, ?, ?, ?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(
      insert.BindText(1, round.id)
          .BindText(2, round.survey)
          .BindBlob(3, round.manifest.bytes)
          .BindBlob(4, WriteSignatures(round.manifest.signatures))
          .BindBlob(5, round.manifest_hash.view())
          .BindInt64(6, round.loss_micro_rho)
          .Run());
  COMMONWAGE_RETURN_IF_ERROR(
      AddRoundKey(database_, shred_file_, round.id, opening_key, *random_));
  return transaction.Commit();
}

absl::StatusOr<std::optional<VaultRound>> Vault::FindRound(
    absl::string_view round_id) {
  return FindOne(database_, "round_id = ?", round_id,
                 /*parameter_is_text=*/true);
}

absl::StatusOr<std::optional<VaultRound>> Vault::FindRoundByManifest(
    const ManifestHash& manifest_hash) {
  return FindOne(database_, "manifest_hash = ?", manifest_hash.view(),
                 /*parameter_is_text=*/false);
}

absl::StatusOr<std::vector<VaultRound>> Vault::RoundsOf(
    absl::string_view survey) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find, FindRounds(database_, "survey = ? ORDER BY rowid"));
  find.BindText(1, survey);
  std::vector<VaultRound> rounds;
  COMMONWAGE_ASSIGN_OR_RETURN(bool row, find.Step());
  while (row) {
    COMMONWAGE_ASSIGN_OR_RETURN(std::vector<DetachedSignature> signatures,
                                ReadSignatures(find.Blob(3)));
    rounds.push_back(ReadRound(find, std::move(signatures)));
    COMMONWAGE_ASSIGN_OR_RETURN(row, find.Step());
  }
  return rounds;
}

absl::StatusOr<crypto::Secret<32>> Vault::OpeningKeyOf(
    absl::string_view round_id) {
  // First: if another publisher destroys it now, its release is seen below.
  absl::StatusOr<crypto::Secret<32>> key =
      GetRoundKey(database_, shred_file_, round_id);
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<VaultRound> round,
                              FindRound(round_id));
  if (!round.has_value()) {
    return RoundUnknown();
  }
  if (round->released) {
    return Refusal(Reason::kRoundKeyDestroyed,
                   "The round is published, and its key was destroyed with "
                   "that.");
  }
  if (round->cancelled) {
    return RoundCancelled();
  }
  return key;
}

absl::StatusOr<std::optional<VaultRelease>> Vault::FindRelease(
    absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT release, signatures, inbox_digest FROM release "
                        "WHERE round_id = ?"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row,
                              find.BindText(1, round_id).Step());
  if (!row) {
    return std::nullopt;
  }
  VaultRelease released;
  released.release.bytes = std::string(find.Blob(0));
  COMMONWAGE_ASSIGN_OR_RETURN(released.release.signatures,
                              ReadSignatures(find.Blob(1)));
  released.inbox_digest = std::string(find.Blob(2));
  return released;
}

absl::Status Vault::StoreRelease(const VaultRound& round,
                                 const VaultRelease& released) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement insert,
      database_.Prepare("INSERT INTO release (round_id, release, signatures, "
                        "inbox_digest) VALUES (?, ?, ?, ?)"));
  COMMONWAGE_RETURN_IF_ERROR(
      insert.BindText(1, round.id)
          .BindBlob(2, released.release.bytes)
          .BindBlob(3, WriteSignatures(released.release.signatures))
          .BindBlob(4, released.inbox_digest)
          .Run());
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement charge,
      database_.Prepare(
          "INSERT INTO ledger (round_id, survey, micro_rho) VALUES (?, ?, ?)"));
  return charge.BindText(1, round.id)
      .BindText(2, round.survey)
      .BindInt64(3, round.loss_micro_rho)
      .Run();
}

absl::StatusOr<VaultRelease> Vault::CommitRelease(
    absl::string_view round_id,
    const std::function<absl::StatusOr<VaultRelease>()>& draw) {
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database_));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<VaultRound> round,
                              FindRound(round_id));
  if (!round.has_value()) {
    return RoundUnknown();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<VaultRelease> committed,
                              FindRelease(round_id));
  if (committed.has_value()) {
    return *std::move(committed);
  }
  if (round->cancelled) {
    return RoundCancelled();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(VaultRelease release, draw());
  COMMONWAGE_RETURN_IF_ERROR(StoreRelease(*round, release));
  COMMONWAGE_RETURN_IF_ERROR(transaction.Commit());
  return release;
}

absl::Status Vault::DestroyEndedKeysNow() {
  COMMONWAGE_RETURN_IF_ERROR(
      DestroyEndedKeys(database_, shred_file_, *random_));
  // No page that named a key stays in the log. Repeated at each opening.
  static_cast<void>(database_.CheckpointTruncate());
  return absl::OkStatus();
}

absl::StatusOr<VaultRelease> Vault::ReleaseOnce(
    absl::string_view round_id,
    const std::function<absl::StatusOr<VaultRelease>()>& draw) {
  COMMONWAGE_ASSIGN_OR_RETURN(VaultRelease release,
                              CommitRelease(round_id, draw));
  COMMONWAGE_RETURN_IF_ERROR(DestroyEndedKeysNow());
  return release;
}

}  // namespace commonwage::storage
