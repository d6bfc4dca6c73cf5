// SPDX-License-Identifier: Apache-2.0
#include "client/cli/session.h"

#include <optional>
#include <set>

#include "base/error.h"
#include "base/status_macros.h"
#include "client/joining.h"
#include "client/round_record.h"
#include "client/survey_record.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"

namespace commonwage::client::cli {
namespace {

absl::Status ServerNeeded() {
  return command::WrongUse(
      "--server is needed, or a wallet that has joined the survey with an "
      "invitation (`commonwage join`).");
}

absl::StatusOr<std::unique_ptr<Session>> StartJoined(
    const ServerOptions& server, const WalletOptions& wallet,
    absl::string_view round) {
  absl::StatusOr<WalletFile> opened = OpenWallet(wallet);
  if (!opened.ok()) {
    return ReasonOf(opened.status()) == Reason::kFileNotFound ? ServerNeeded()
                                                              : opened.status();
  }
  auto session = std::make_unique<Session>(*std::move(opened));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              session->wallet.Read());
  ServerOptions there = server;
  COMMONWAGE_ASSIGN_OR_RETURN(there.server,
                              ServerOfRound(contents.records, round));
  COMMONWAGE_ASSIGN_OR_RETURN(session->server, Connect(there));
  session->server_address = there.server;
  return session;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> StartSession(
    const ServerOptions& server, const WalletOptions& wallet,
    absl::string_view round, const ServerCheck& before_making) {
  if (server.server.empty()) {
    return StartJoined(server, wallet, round);
  }
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(std::unique_ptr<ServerApi> connected,
                              Connect(server));
  COMMONWAGE_ASSIGN_OR_RETURN(
      WalletFile opened,
      before_making != nullptr
          ? OpenOrMakeWallet(
                wallet, [&] { return before_making(*connected); }, random,
                command::ForPeople(server.json))
          : OpenWallet(wallet));
  auto session = std::make_unique<Session>(std::move(opened));
  session->server = std::move(connected);
  session->server_address = server.server;
  return session;
}

absl::StatusOr<std::string> ServerOfRound(const WalletRecords& records,
                                          absl::string_view round) {
  const SurveyRecord* survey = FindSurveyOf(records, round);
  if (survey == nullptr || !survey->has_invitation()) {
    return ServerNeeded();
  }
  return survey->invitation().server();
}

absl::StatusOr<std::string> OnlyServer(const WalletRecords& records) {
  std::set<std::string> servers;
  for (const Invitation& invitation : InvitationsIn(records)) {
    servers.insert(invitation.server);
  }
  if (servers.size() > 1) {
    return command::WrongUse(
        "This wallet has joined surveys on several servers: say which with "
        "--server, or the round with --round.");
  }
  return servers.empty() ? absl::StatusOr<std::string>(ServerNeeded())
                         : *servers.begin();
}

}  // namespace commonwage::client::cli
