// SPDX-License-Identifier: Apache-2.0
// What a command on a round works with: a wallet, and the server that the
// command line names or that the wallet knows from its invitation.

#ifndef COMMONWAGE_CLIENT_CLI_SESSION_H_
#define COMMONWAGE_CLIENT_CLI_SESSION_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "client/cli/options.h"
#include "client/connection/server_api.h"
#include "client/participation.h"
#include "client/wallet_file.h"
#include "client/wallet_records.pb.h"
#include "crypto/sodium_random.h"

namespace commonwage::client::cli {

// A wallet at a server, with what both need.
struct Session {
  explicit Session(WalletFile its_wallet) : wallet(std::move(its_wallet)) {}

  WalletFile wallet;
  std::unique_ptr<ServerApi> server;
  std::string server_address;
  SystemClock clock;
  crypto::SodiumRandom random;

  Participation Take() {
    return Participation(wallet, *server, server_address, clock, random);
  }
};

// What is to be checked at a server before a wallet is made.
using ServerCheck = std::function<absl::Status(ServerApi&)>;

// Opens the wallet and connects to the server of `round`; with --server, makes
// a wallet if there is none and `before_making`, if given, is OK.
//
// Fails with INVALID_ARGUMENT (WRONG_USE) without --server if the wallet has
// not joined the round's survey.
absl::StatusOr<std::unique_ptr<Session>> StartSession(
    const ServerOptions& server, const WalletOptions& wallet,
    absl::string_view round, const ServerCheck& before_making);

// Return the server of a round, and of all rounds, from the wallet's
// invitations. Fail with INVALID_ARGUMENT (WRONG_USE) if there is none, or not
// one only.
absl::StatusOr<std::string> ServerOfRound(const WalletRecords& records,
                                          absl::string_view round);
absl::StatusOr<std::string> OnlyServer(const WalletRecords& records);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_SESSION_H_
