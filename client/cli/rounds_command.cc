// SPDX-License-Identifier: Apache-2.0
// `commonwage rounds`: what can be answered, and what was published.

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "base/status_macros.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/session.h"
#include "client/cli/text/plan_text.h"
#include "client/cli/text/words.h"
#include "client/connection/server_api.h"
#include "client/round_record.h"
#include "client/round_trust.h"
#include "client/seen_rounds.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "crypto/fingerprint.h"
#include "survey/round_order.h"

namespace commonwage::client::cli {
namespace {

struct RoundsOptions {
  ServerOptions server;
  WalletOptions wallet;
  std::string round;
};

std::string Day(absl::Time time) {
  return absl::StrCat(
      absl::FormatTime("%Y-%m-%d %H:%M", time, absl::UTCTimeZone()), " UTC");
}

std::string StateInWords(const TrustedRound& round) {
  const Plan& plan = round.manifest.plan;
  switch (round.state) {
    case v1::ROUND_STATE_CREATED:
      return absl::StrCat("opens ", Day(plan.opens_at));
    case v1::ROUND_STATE_OPEN:
      return absl::StrCat("open until ", Day(plan.closes_at));
    case v1::ROUND_STATE_CLOSED:
      return "closed, not published yet";
    case v1::ROUND_STATE_PUBLISHED:
      return "published";
    case v1::ROUND_STATE_ERASED:
      return "published, answers destroyed";
    case v1::ROUND_STATE_CANCELLED:
      return "called off; what was answered was destroyed unread";
    default:
      return "in a state that this version does not know";
  }
}

void TellRound(const TrustedRound& round, bool with_questions) {
  std::cout << round.id << "\n  " << StateInWords(round) << "\n  "
            << AdmissionInWords(round.manifest.admission) << "\n  survey key "
            << crypto::Fingerprint(round.survey_key)
            << "\n    = " << crypto::FingerprintWords(round.survey_key)
            << "\n  receipt key " << crypto::Fingerprint(round.receipt_key)
            << "\n    = " << crypto::FingerprintWords(round.receipt_key)
            << '\n';
  if (!round.promise.ok()) {
    std::cout << "  " << round.promise.message() << '\n';
  }
  if (with_questions) {
    std::cout << "Answers that this round takes:\n"
              << QuestionsText(round.manifest.plan)
              << TablesText(round.manifest.plan);
  }
  std::cout << '\n';
}

// Whether `a` is the newer one. A server's order is its word, so it is not
// relied on.
bool IsNewer(const TrustedRound& a, const TrustedRound& b) {
  const Plan& plan_a = a.manifest.plan;
  const Plan& plan_b = b.manifest.plan;
  return IsEarlier({plan_b.opens_at, plan_b.closes_at, b.id},
                   {plan_a.opens_at, plan_a.closes_at, a.id});
}

// Each round is held against what `records` know of its survey.
void TellRounds(const v1::ListRoundsResponse& list,
                const WalletRecords& records, bool with_questions) {
  std::vector<TrustedRound> rounds;
  std::vector<absl::Status> refused;
  for (const v1::Round& round : list.rounds()) {
    const absl::string_view id = absl::StripPrefix(round.name(), "rounds/");
    absl::StatusOr<TrustedRound> trusted =
        CheckRound(round, id, AnchorsOf(records, id, ""));
    if (trusted.ok()) {
      rounds.push_back(*std::move(trusted));
    } else {
      refused.push_back(trusted.status());
    }
  }
  HoldTogether(rounds);
  std::sort(rounds.begin(), rounds.end(), IsNewer);
  for (const TrustedRound& round : rounds) {
    TellRound(round, with_questions);
  }
  for (const absl::Status& status : refused) {
    // The name is not vouched for either, so it is not shown.
    std::cout << "A round that cannot be trusted: " << status.message()
              << "\n\n";
  }
  if (list.rounds().empty()) {
    std::cout << "There are no rounds on this server yet.\n";
  }
}

// What the wallet knows; nothing without one.
absl::StatusOr<WalletRecords> RecordsOf(const WalletOptions& options) {
  if (options.path.empty()) {
    return WalletRecords();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletFile wallet, OpenWallet(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet.Read());
  return contents.records;
}

// The server that an option names, or else an invitation.
absl::StatusOr<std::string> ServerFor(const RoundsOptions& options,
                                      const WalletRecords& records) {
  if (!options.server.server.empty()) {
    return options.server.server;
  }
  return options.round.empty() ? OnlyServer(records)
                               : ServerOfRound(records, options.round);
}

absl::Status ListRounds(const RoundsOptions& options) {
  if (!options.round.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletRecords records,
                              RecordsOf(options.wallet));
  ServerOptions there = options.server;
  COMMONWAGE_ASSIGN_OR_RETURN(there.server, ServerFor(options, records));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(there));
  v1::ListRoundsResponse list;
  if (options.round.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(list, ListAllRounds(*server));
  } else {
    v1::GetRoundRequest request;
    request.set_name(absl::StrCat("rounds/", options.round));
    COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                                server->GetRound(request));
    *list.add_rounds() = response.round();
  }
  if (options.server.json) {
    command::PrintJson(list);
    return absl::OkStatus();
  }
  TellRounds(list, records, !options.round.empty());
  return absl::OkStatus();
}

}  // namespace

void AddRoundsCommand(command::CommandLine& program) {
  auto options = std::make_shared<RoundsOptions>();
  CLI::App& command =
      program.Add("rounds", "List the rounds of a server, newest first.",
                  [options] { return ListRounds(*options); });
  options->server.AddTo(command, false);
  options->wallet.AddTo(command);
  command.get_option("--wallet")->required(false);
  command.add_option(
      "--round", options->round,
      "Show this round, the answers that it takes, and its tables.");
}

}  // namespace commonwage::client::cli
