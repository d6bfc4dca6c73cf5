// SPDX-License-Identifier: Apache-2.0
// A person's wallet on disk: one seed, and what was done with it in each round,
// encrypted under a passphrase. Layout: docs/FORMATS.md, "Wallet file".
//
//   "CWWL"  version 1  salt 16  passes u32  memory bytes u64   (in the clear)
//   wrapped: seed 32 || WalletRecords                          (crypto/wrap.h)
//
// The part in the clear is authenticated. Every change rewrites the file whole,
// in one step, while no other program changes it.

#ifndef COMMONWAGE_CLIENT_WALLET_FILE_H_
#define COMMONWAGE_CLIENT_WALLET_FILE_H_

#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/named_file.h"
#include "base/random_source.h"
#include "client/wallet_records.pb.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"

namespace commonwage::client {

// Whoever copies a wallet can guess at its passphrase for as long as they like.
// One that was made under a shorter one still opens.
inline constexpr size_t kMinPassphraseLength = 8;  // Characters.

// Fails with INVALID_ARGUMENT (PASSPHRASE_TOO_SHORT).
absl::Status CheckNewPassphrase(const crypto::SecretBytes& passphrase);

// What a wallet holds. Reveals: everything the person did, to who has it.
struct WalletContents {
  crypto::Secret<32> seed;
  WalletRecords records;
};

// Returns what the keys of a round are derived from: the wallet's seed, or in
// forgetful mode the round's own.
crypto::Secret<32> SeedForRound(const WalletContents& contents,
                                absl::string_view round_id);

// An unlocked wallet. Holds the key, not the contents: they are read anew each
// time, since another program may have changed them. Move-only.
class WalletFile {
 public:
  // Makes a wallet of `seed`, readable by its owner alone. Draws a salt.
  // Only tests choose another `cost`.
  //
  // Fails with ALREADY_EXISTS (FILE_EXISTS) if there is a file at `path`,
  // which stays as it is; INVALID_ARGUMENT (PASSPHRASE_TOO_SHORT) if
  // `passphrase` has fewer than kMinPassphraseLength characters; as
  // CreateFile and KeyFromPassphrase do.
  static absl::StatusOr<WalletFile> Create(
      const std::string& path, const crypto::SecretBytes& passphrase,
      const crypto::Secret<32>& seed, RandomSource& random,
      const crypto::PassphraseCost& cost = {});

  // Unlocks the wallet at `path`.
  //
  // Fails with NOT_FOUND (FILE_NOT_FOUND), FAILED_PRECONDITION
  // (PASSPHRASE_REFUSED) if the passphrase is another one or the file was
  // changed, which cannot be told apart, DATA_LOSS (WALLET_DAMAGED) if it is no
  // whole wallet.
  static absl::StatusOr<WalletFile> Open(const std::string& path,
                                         const crypto::SecretBytes& passphrase);

  // Returns what is in the wallet now. Fails as Open does, and with
  // FAILED_PRECONDITION (PASSPHRASE_CHANGED) if it is under another one since.
  [[nodiscard]] absl::StatusOr<WalletContents> Read() const;

  // Lets `change` alter the records, and writes them if it succeeds: all of its
  // changes or none. Calls nothing else meanwhile. Fails as Read and
  // ReplaceFile do, and as `change` does.
  absl::Status Update(
      RandomSource& random,
      const std::function<absl::Status(WalletContents&)>& change) const;

  // Puts the wallet under another passphrase, in one step. Draws a salt. Only
  // tests choose another `cost`. Fails as Create and Update do; then the old
  // one opens it.
  absl::Status ChangePassphrase(const crypto::SecretBytes& new_passphrase,
                                RandomSource& random,
                                const crypto::PassphraseCost& cost = {});

 private:
  WalletFile(NamedFile file, std::string head, crypto::Secret<32> key);

  NamedFile file_;
  std::string head_;  // The part in the clear.
  crypto::Secret<32> key_;
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_WALLET_FILE_H_
