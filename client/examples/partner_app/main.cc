// SPDX-License-Identifier: Apache-2.0
// An app for couriers, cut down to what concerns Commonwage: its user gives
// their pay, and sees what others earn. The user's seed is in a wallet on the
// user's device and stays there.
//
//   partner_app join   WALLET PASSPHRASE_FILE INVITATION_FILE
//   partner_app enrol  WALLET PASSPHRASE_FILE ROUND CODE_FILE
//   partner_app submit WALLET PASSPHRASE_FILE ROUND QUESTION=VALUE...
//   partner_app figure SERVER ROUND DIMENSION QUANTILE

#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "client/commonwage_client.h"

namespace {

using commonwage::Invitation;
using commonwage::client::Client;
using commonwage::client::ParticipationStatus;
using commonwage::client::SubmitOptions;
using commonwage::client::Wallet;

// What the app says when something does not work: sentences for its user.
int Fail(const absl::Status& status) {
  std::cerr << status.message() << '\n';
  for (const commonwage::Fault& fault : commonwage::FaultsOf(status)) {
    std::cerr << "  " << fault.place << ": " << fault.sentence << '\n';
  }
  return 1;
}

std::string FirstLineOf(const std::string& path) {
  std::string line;
  std::getline(std::ifstream(path) >> std::ws, line);
  return line;
}

// The user's wallet, on the user's device; made on first use.
absl::StatusOr<Wallet> OpenOrMake(const std::string& path,
                                  const std::string& passphrase) {
  absl::StatusOr<Wallet> wallet = Wallet::Open(path, passphrase);
  if (!absl::IsNotFound(wallet.status())) {
    return wallet;
  }
  wallet = Wallet::Create(path, passphrase);
  if (!wallet.ok()) {
    return wallet;
  }
  const auto words = wallet->RecoveryWords();
  if (!words.ok()) {
    return words.status();
  }
  // An app shows them once, for paper, and keeps no copy.
  std::cout << "Write these words down:\n" << *words << '\n';
  return wallet;
}

// The union's invitation names its server, its office and its survey's key:
// what the app's makers say about them does not count, and neither does a
// server.
int Join(const std::vector<std::string>& arguments) {
  auto wallet = OpenOrMake(arguments[1], FirstLineOf(arguments[2]));
  if (!wallet.ok()) {
    return Fail(wallet.status());
  }
  const absl::Status joined = wallet->Join(FirstLineOf(arguments[3]));
  if (!joined.ok()) {
    return Fail(joined);
  }
  std::cout << "Joined.\n";
  return 0;
}

// The user's wallet, and the server of the survey that it has joined.
struct Session {
  Wallet wallet;
  Client client;
  Invitation invitation;
};

absl::StatusOr<Session> Start(const std::vector<std::string>& arguments) {
  auto wallet = OpenOrMake(arguments[1], FirstLineOf(arguments[2]));
  if (!wallet.ok()) {
    return wallet.status();
  }
  const auto invitations = wallet->Invitations();
  if (!invitations.ok()) {
    return invitations.status();
  }
  if (invitations->empty()) {
    return absl::FailedPreconditionError("Join first, with your invitation.");
  }
  // A real app lets its user choose among several.
  const Invitation& invitation = invitations->front();
  auto client = Client::Connect({.server = invitation.server});
  if (!client.ok()) {
    return client.status();
  }
  return Session{*std::move(wallet), *std::move(client), invitation};
}

// What the user should know of a round before they take part.
absl::Status Show(Client& client, const std::string& round_id) {
  const auto round = client.GetRound(round_id);
  if (!round.ok()) {
    return round.status();
  }
  std::cout << (round->members_only
                    ? "Members only, one answer each.\n"
                    : "Unverified: anybody can answer in this round, more than "
                      "once.\n");
  return absl::OkStatus();
}

// The union office learns that its member takes part, and never which answer is
// theirs; the app's makers learn neither.
int Enrol(const std::vector<std::string>& arguments) {
  auto session = Start(arguments);
  if (!session.ok()) {
    return Fail(session.status());
  }
  const absl::Status enrolled = session->client.Enrol(
      session->wallet, arguments[3], {.server = session->invitation.office},
      FirstLineOf(arguments[4]), SubmitOptions());
  if (!enrolled.ok()) {
    return Fail(enrolled);
  }
  std::cout << "Enrolled.\n";
  return 0;
}

int Submit(const std::vector<std::string>& arguments) {
  const std::string& round_id = arguments[3];
  auto session = Start(arguments);
  if (!session.ok()) {
    return Fail(session.status());
  }
  if (const absl::Status shown = Show(session->client, round_id); !shown.ok()) {
    return Fail(shown);
  }
  std::map<std::string, std::string> answer;
  for (size_t i = 4; i < arguments.size(); ++i) {
    const size_t equals = arguments[i].find('=');
    answer[arguments[i].substr(0, equals)] = arguments[i].substr(equals + 1);
  }
  // A real app keeps the random delay that is the default, and calls Resume
  // now and then; an example cannot wait for two days.
  SubmitOptions at_once;
  at_once.delay_up_to = absl::ZeroDuration();
  const auto standing =
      session->client.Submit(session->wallet, round_id, answer, at_once);
  if (!standing.ok()) {
    return Fail(standing.status());
  }
  std::cout << (standing->state == ParticipationStatus::State::kStored
                    ? "Stored, and the receipt is valid.\n"
                    : "Waiting to be sent.\n");
  return 0;
}

// A figure in words: how sure it is comes with it, always. Off the public grid
// its value is a bound and no estimate, and an open interval has one end only.
std::string InWords(const commonwage::v1::Estimate& wage) {
  const auto amount = [](double minor_units) {
    return std::to_string(static_cast<long long>(minor_units));
  };
  std::string text;
  if (wage.position() == commonwage::v1::POSITION_BELOW) {
    text = "less than ";
  } else if (wage.position() == commonwage::v1::POSITION_ABOVE) {
    text = "more than ";
  }
  const auto& interval = wage.interval();
  return text + amount(wage.value()) + " (" +
         (interval.open_low() ? "..." : amount(interval.low())) + " to " +
         (interval.open_high() ? "..." : amount(interval.high())) + ")";
}

int Figure(const std::vector<std::string>& arguments) {
  auto client = Client::Connect({.server = arguments[1]});
  if (!client.ok()) {
    return Fail(client.status());
  }
  commonwage::v1::SummarizeRequest request;
  request.set_name("releases/" + arguments[2]);
  request.add_by(arguments[3]);
  request.mutable_statistics()->add_quantiles(std::stod(arguments[4]));
  const auto summary = client->Summarize(request);
  if (!summary.ok()) {
    return Fail(summary.status());
  }
  std::cout << "In minor units of " << summary->release().currency() << ":\n";
  for (const auto& cell : summary->cells()) {
    std::cout << cell.key(0).values(0) << ' ';
    if (!cell.has_figures()) {
      std::cout << "withheld\n";
      continue;
    }
    std::cout << InWords(cell.figures().quantiles(0).wage()) << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 4 && arguments[0] == "join") {
    return Join(arguments);
  }
  if (arguments.size() == 5 && arguments[0] == "enrol") {
    return Enrol(arguments);
  }
  if (arguments.size() >= 5 && arguments[0] == "submit") {
    return Submit(arguments);
  }
  if (arguments.size() == 5 && arguments[0] == "figure") {
    return Figure(arguments);
  }
  std::cerr << "See the top of main.cc for how to use this.\n";
  return 2;
}
