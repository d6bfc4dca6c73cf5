// SPDX-License-Identifier: Apache-2.0
// Options that several subcommands share, and what they lead to.

#ifndef COMMONWAGE_CLIENT_CLI_OPTIONS_H_
#define COMMONWAGE_CLIENT_CLI_OPTIONS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <CLI/CLI.hpp>

#include "base/random_source.h"
#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
#include "client/wallet_file.h"
#include "crypto/secret.h"

namespace commonwage::client::cli {

// --server, --ca, --api-key-file and --json.
struct ServerOptions {
  std::string server;
  std::string ca_file;
  std::string api_key_file;
  bool json = false;

  // Adds the options; --server is required unless said otherwise.
  void AddTo(CLI::App& command, bool server_required = true);
};

// Returns where `options` lead, with the content of the files they name.
absl::StatusOr<ConnectOptions> ConnectOptionsOf(const ServerOptions& options);
absl::StatusOr<std::unique_ptr<ServerApi>> Connect(
    const ServerOptions& options);

// --wallet and --passphrase-file.
struct WalletOptions {
  std::string path;
  std::string passphrase_file;

  void AddTo(CLI::App& command);
};

// Returns what is in the file at `path`, called `name` in messages, which holds
// one secret; without a path, asks for it (AskSecret of terminal.h).
absl::StatusOr<crypto::SecretBytes> SecretFrom(const std::string& path,
                                               absl::string_view name,
                                               absl::string_view prompt,
                                               absl::string_view remedy);

// Returns a passphrase for a wallet from now on: what is in the file at `path`,
// or what a person types, twice. Fails as CheckNewPassphrase, if it was typed,
// so that nobody types it in vain.
absl::StatusOr<crypto::SecretBytes> NewPassphrase(const std::string& path);

// Opens the wallet.
absl::StatusOr<WalletFile> OpenWallet(const WalletOptions& options);

// Opens the wallet. If there is none, makes one once `before_making` is OK, and
// tells the person its words on `out`. Reveals: the seed, to who sees `out`.
absl::StatusOr<WalletFile> OpenOrMakeWallet(
    const WalletOptions& options,
    const std::function<absl::Status()>& before_making, RandomSource& random,
    std::ostream& out);

// Makes a wallet of `seed`.
absl::StatusOr<WalletFile> MakeWallet(const WalletOptions& options,
                                      const crypto::Secret<32>& seed,
                                      RandomSource& random);

// Says the words of `seed` and what they are for.
void TellWords(const crypto::Secret<32>& seed, std::ostream& out);

// Refuse what cannot be a --round or a --survey-key, before a server is asked.
// Fail with INVALID_ARGUMENT (WRONG_USE).
absl::Status CheckRoundOption(const std::string& round);
absl::Status CheckSurveyKeyOption(const std::string& survey_key);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_OPTIONS_H_
