// SPDX-License-Identifier: Apache-2.0
// The steward's store: survey signing keys, the keys that open rounds, the
// releases made, and the ledger of privacy spent. It never meets the internet.
//
//   DIR/vault.db    encrypted under a random key
//   DIR/vault.key   that key, wrapped under a passphrase (vault_key.h)
//   DIR/shred.key   what the keys that open rounds rest on as well; not in a
//                   backup, so that a published round's key is in none

#ifndef COMMONWAGE_STORAGE_VAULT_VAULT_H_
#define COMMONWAGE_STORAGE_VAULT_VAULT_H_

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "storage/database.h"
#include "storage/shred_file.h"
#include "storage/signed_bytes.h"
#include "survey/manifest.h"

namespace commonwage::storage {

// What a steward commits to when a round is made.
struct NewVaultRound {
  std::string id;
  std::string survey;
  SignedBytes manifest;
  ManifestHash manifest_hash;
  int64_t loss_micro_rho = 0;  // What its release will cost. >= 0.
  int64_t cap_micro_rho = 0;   // The plan's cap for the whole survey. >= 0.
};

struct VaultRound {
  std::string id;
  std::string survey;
  SignedBytes manifest;
  ManifestHash manifest_hash;
  int64_t loss_micro_rho = 0;
  // Of a round that is either, there is no key that opens it any more.
  bool released = false;
  bool cancelled = false;
};

// What a round was published as.
struct VaultRelease {
  SignedBytes release;
  std::string inbox_digest;  // Of the sealed inbox that was counted.

  friend bool operator==(const VaultRelease&, const VaultRelease&) = default;
};

// A survey's privacy account, in micro-rho.
struct LedgerBalance {
  int64_t cap = 0;
  int64_t spent = 0;     // By releases.
  int64_t reserved = 0;  // By rounds that are neither released nor called off.

  // What is left; never negative.
  [[nodiscard]] int64_t left() const {
    return std::max<int64_t>(cap - spent - reserved, 0);
  }
};

// An open vault. Not thread-safe: one per thread. Several processes may have
// one open. The source of randomness it is opened with must outlive it.
class Vault {
 public:
  // Makes DIR, of mode 0700, and an empty vault under `passphrase`. If this
  // fails, what it made is gone again.
  // Fails with ALREADY_EXISTS (DIRECTORY_IN_USE), changing nothing, if there is
  // anything in `directory`; as MakePrivateDirectory, CreateVaultKey and
  // Database::Open do.
  static absl::StatusOr<Vault> Create(const std::filesystem::path& directory,
                                      const crypto::SecretBytes& passphrase,
                                      RandomSource& random,
                                      const crypto::PassphraseCost& cost = {});

  // Fails as OpenVaultKey; with FAILED_PRECONDITION (DIRECTORY_TOO_OPEN); as
  // Database::Open and Migrate.
  static absl::StatusOr<Vault> Open(const std::filesystem::path& directory,
                                    const crypto::SecretBytes& passphrase,
                                    RandomSource& random,
                                    const crypto::PassphraseCost& cost = {});

  // Opens the database alone, under a raw key; the shred file is beside it. For
  // tests.
  static absl::StatusOr<Vault> OpenDatabase(const std::filesystem::path& path,
                                            const crypto::Secret<32>& key,
                                            RandomSource& random,
                                            const OpenOptions& options);

  // Returns the signing key of `survey`, made and stored at its first use.
  // Fails as sqlite_status.h says.
  // Reveals: the key.
  absl::StatusOr<crypto::SigningKey> SigningKeyOf(absl::string_view survey,
                                                  RandomSource& random);

  // Stores a round and the key that opens it, and reserves what its release
  // will cost. The first round of a survey fixes its cap, a later one may lower
  // it.
  //
  // Fails with FAILED_PRECONDITION (PRIVACY_CAP_EXCEEDED; the sentence tells
  // what was asked, spent and reserved, and is left) or (PRIVACY_CAP_RAISED),
  // ALREADY_EXISTS (ROUND_EXISTS), INVALID_ARGUMENT (PRIVACY_LOSS_NEGATIVE),
  // all of them changing nothing; otherwise as ShredFile::Fill and as
  // sqlite_status.h says.
  absl::Status CreateRound(const NewVaultRound& round,
                           const crypto::Secret<32>& opening_key);

  // Return nullopt if there is none.
  absl::StatusOr<std::optional<VaultRound>> FindRound(
      absl::string_view round_id);
  absl::StatusOr<std::optional<VaultRound>> FindRoundByManifest(
      const ManifestHash& manifest_hash);

  // Returns the rounds of `survey`, in the order in which they were made.
  absl::StatusOr<std::vector<VaultRound>> RoundsOf(absl::string_view survey);

  // Returns the key that opens the round's submissions.
  // Fails with NOT_FOUND (UNKNOWN_ROUND), FAILED_PRECONDITION
  // (ROUND_KEY_DESTROYED) once the release is committed, (ROUND_CANCELLED) once
  // the cancellation is; (ROUND_KEY_LOST) if neither is and the key is gone all
  // the same, since this vault is an older copy or its shred file another
  // one's; as UnwrapDestroyable.
  // Reveals: the key.
  absl::StatusOr<crypto::Secret<32>> OpeningKeyOf(absl::string_view round_id);

  // Returns the release of `round_id`, which must be in the vault. If there is
  // one, that one, and `draw` is not called. Otherwise calls `draw` and
  // commits, in one transaction, its result and the ledger entry; from then on
  // the round's opening key is destroyed, here or, after a crash, at the next
  // opening. Until that commit nothing of a draw may be shown to anyone;
  // whatever crashes and however many try, one draw at most is ever committed.
  //
  // Fails with NOT_FOUND (UNKNOWN_ROUND); FAILED_PRECONDITION (ROUND_CANCELLED)
  // if it was called off; UNAVAILABLE (DATABASE_BUSY) while another publication
  // runs; as `draw` does, changing nothing; otherwise as ShredFile::Destroy and
  // as sqlite_status.h says, and then calling again is right.
  absl::StatusOr<VaultRelease> ReleaseOnce(
      absl::string_view round_id,
      const std::function<absl::StatusOr<VaultRelease>()>& draw);

  // Returns the cancellation of `round_id`, which must be in the vault. If
  // there is one, that one, and `sign` is not called. Otherwise calls `sign`
  // and commits its result; from then on the round costs nothing, is never
  // released, and its opening key is destroyed, here or, after a crash, at the
  // next opening. Its name stays taken.
  //
  // Fails with NOT_FOUND (UNKNOWN_ROUND); FAILED_PRECONDITION (ROUND_PUBLISHED)
  // once there is a release, (ROUND_KEY_LOST) if the key is gone already: then
  // a later copy of this vault may have released the round, and nobody can say
  // that its answers were destroyed unread; as `sign` does; all of them
  // changing nothing; otherwise as ReleaseOnce.
  absl::StatusOr<SignedBytes> CancelOnce(
      absl::string_view round_id,
      const std::function<absl::StatusOr<SignedBytes>()>& sign);

  // Returns the surveys of which the vault has made a round, by name.
  absl::StatusOr<std::vector<std::string>> Surveys();

  // Returns nullopt if the survey is unknown.
  absl::StatusOr<std::optional<LedgerBalance>> BalanceOf(
      absl::string_view survey);

 private:
  Vault(Database database, ShredFile shred_file, RandomSource& random)
      : database_(std::move(database)),
        shred_file_(std::move(shred_file)),
        random_(&random) {}

  absl::Status Reserve(const NewVaultRound& round);
  absl::StatusOr<std::optional<VaultRelease>> FindRelease(
      absl::string_view round_id);
  absl::StatusOr<std::optional<SignedBytes>> FindCancellation(
      absl::string_view round_id);
  absl::StatusOr<SignedBytes> CommitCancellation(
      absl::string_view round_id,
      const std::function<absl::StatusOr<SignedBytes>()>& sign);
  absl::Status DestroyEndedKeysNow();
  absl::Status StoreRelease(const VaultRound& round,
                            const VaultRelease& released);
  absl::StatusOr<VaultRelease> CommitRelease(
      absl::string_view round_id,
      const std::function<absl::StatusOr<VaultRelease>()>& draw);

  Database database_;
  ShredFile shred_file_;
  RandomSource* random_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_VAULT_VAULT_H_
