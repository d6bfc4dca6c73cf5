// SPDX-License-Identifier: Apache-2.0
// `commonwage enrol`: at the union office's issuer, or by its page, with the
// request and the answer carried as texts.

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "base/file/input_file.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "client/cli/command_line.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/report.h"
#include "client/enrolment.h"
#include "client/participation.h"
#include "commonwage/v1/command_output.pb.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "crypto/sodium_random.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kMaxTextBytes = 65536;
constexpr absl::string_view kSurveyAway =
    "The survey's server cannot be reached. Your code is not used up; run the "
    "same command again.";

struct EnrolOptions {
  ServerOptions server;
  WalletOptions wallet;
  std::string round;
  std::string issuer;
  std::string request_out;
  std::string answer_in;
  std::string code;
  std::string code_file;
  std::string survey_key;
  bool forgetful = false;
  bool force = false;
};

// A wallet, and the round as it sees it.
struct Applicant {
  WalletFile wallet;
  Visit visit;
};

absl::Status CheckUse(const EnrolOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  const int ways = static_cast<int>(!options.issuer.empty()) +
                   static_cast<int>(!options.request_out.empty()) +
                   static_cast<int>(!options.answer_in.empty());
  if (ways != 1) {
    return WrongUse(
        "Give one of these: --issuer, to ask the union office now; "
        "--request-out, to make the text for its page; --answer-in, to take "
        "the page's answer.");
  }
  if (options.issuer.empty() &&
      (!options.code.empty() || !options.code_file.empty())) {
    return WrongUse(
        "The code is typed into the union office's page, not here.");
  }
  if (!options.answer_in.empty() && options.forgetful) {
    return WrongUse("--forgetful goes with --request-out, which comes first.");
  }
  return options.survey_key.empty() ? absl::OkStatus()
                                    : CheckSurveyKeyOption(options.survey_key);
}

// Opens the wallet and looks at the round with it. Makes a wallet if there is
// none, unless an answer came, which then belongs to another.
absl::StatusOr<Applicant> Apply(const EnrolOptions& options,
                                RandomSource& random, std::ostream& people) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  Choices choices;
  choices.survey_key_fingerprint = options.survey_key;
  const auto check = [&]() -> absl::Status {
    const absl::StatusOr<TrustedRound> round =
        LookAtRound(*server, options.round, choices);
    return round.ok() ? CheckMayEnrol(*round, nullptr, options.forgetful)
                      : IfUnreachable(round.status(), kSurveyAway);
  };
  COMMONWAGE_ASSIGN_OR_RETURN(
      WalletFile wallet,
      options.answer_in.empty()
          ? OpenOrMakeWallet(options.wallet, check, random, people)
          : OpenWallet(options.wallet));
  SystemClock clock;
  absl::StatusOr<Visit> visit =
      Participation(wallet, *server, options.server.server, clock, random)
          .VisitRound(options.round, choices);
  if (!visit.ok()) {
    return IfUnreachable(visit.status(), kSurveyAway);
  }
  TellVisit(*visit, people);
  return Applicant{std::move(wallet), *std::move(visit)};
}

void TellEnrolled(const EnrolOptions& options, std::ostream& people) {
  people << "You are enrolled for " << options.round
         << ". The union office knows that you may answer; it cannot know "
            "which answer is yours.\n";
  if (options.server.json) {
    v1::EnrolmentReport report;
    report.set_round_id(options.round);
    report.set_enrolled(true);
    PrintJson(report);
  }
}

absl::Status EnrolAtIssuer(const EnrolOptions& options,
                           const Applicant& applicant, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(ConnectOptions connect,
                              ConnectOptionsOf(options.server));
  // The reader's key is not the issuer's business.
  connect.api_key.clear();
  connect.server = options.issuer;
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<IssuerApi> issuer,
                              ConnectToIssuer(connect));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::SecretBytes code,
      options.code.empty()
          ? SecretFrom(options.code_file, "code file", "Your enrolment code",
                       "The code from your union is needed: type it when "
                       "asked, or name a file with --code-file.")
          : absl::StatusOr<crypto::SecretBytes>(
                crypto::SecretBytes::From(options.code)));
  return Enrol(applicant.wallet, *issuer, applicant.visit.round,
               code.ExposeText(), options.forgetful, random);
}

absl::Status WriteRequest(const EnrolOptions& options,
                          const Applicant& applicant, RandomSource& random,
                          std::ostream& people) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const v1::IssueCredentialRequest request,
      PrepareRequest(applicant.wallet, applicant.visit.round, options.forgetful,
                     random));
  COMMONWAGE_RETURN_IF_ERROR(WriteOutput({options.request_out, "request file"},
                                         RequestText(request), Readers::kOwner,
                                         IfThereWith(options.force)));
  people
      << "Your request is made; nothing was sent to the union office. On its "
         "page /enrol, put in\nthe text of the file and the code from your "
         "letter. Save the answer in a file and say\n`commonwage enrol "
         "--answer-in FILE`, with the same server, round and wallet.\n";
  if (options.server.json) {
    PrintJson(request);
  }
  return absl::OkStatus();
}

absl::Status TakeAnswer(const EnrolOptions& options, const Applicant& applicant,
                        RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string text,
      ReadFile({options.answer_in, "answer file"}, kMaxTextBytes));
  return AcceptAnswer(applicant.wallet, applicant.visit.round, text, random);
}

absl::Status RunEnrol(const EnrolOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckUse(options));
  crypto::SodiumRandom random;
  std::ostream& people = ForPeople(options.server.json);
  COMMONWAGE_ASSIGN_OR_RETURN(const Applicant applicant,
                              Apply(options, random, people));
  if (!options.request_out.empty()) {
    return WriteRequest(options, applicant, random, people);
  }
  COMMONWAGE_RETURN_IF_ERROR(options.answer_in.empty()
                                 ? EnrolAtIssuer(options, applicant, random)
                                 : TakeAnswer(options, applicant, random));
  TellEnrolled(options, people);
  return absl::OkStatus();
}

}  // namespace

void AddEnrolCommand(CommandLine& program) {
  auto enrol = std::make_shared<EnrolOptions>();
  CLI::App& command = program.Add(
      "enrol",
      "Get a member's credential for a round, before answering. Makes the "
      "wallet if there is none.",
      [enrol] { return RunEnrol(*enrol); });
  enrol->server.AddTo(command);
  enrol->wallet.AddTo(command);
  command.add_option("--round", enrol->round, "SURVEY.ROUND")->required();
  command.add_option("--issuer", enrol->issuer,
                     "host:port of the union office's issuer.");
  command.add_option("--request-out", enrol->request_out,
                     "Instead: write the request for the union office's page "
                     "/enrol to this file.");
  command.add_flag("--force", enrol->force, kForceHelp);
  command.add_option("--answer-in", enrol->answer_in,
                     "Instead: take the page's answer from this file.");
  command.add_option("--code", enrol->code,
                     "Your enrolment code. Other users of this machine "
                     "can see it while the command runs.");
  command.add_option("--code-file", enrol->code_file,
                     "File with your enrolment code; else it is asked.");
  command.add_option("--survey-key", enrol->survey_key,
                     "Fingerprint or words of the survey's key, as your "
                     "union printed them.");
  command.add_flag("--forgetful", enrol->forgetful,
                   "For an answer that will be submitted --forgetful.");
}

}  // namespace commonwage::client::cli
