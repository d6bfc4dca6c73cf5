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

#include "base/file/input_file.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "client/checked_round.h"
#include "client/cli/commands.h"
#include "client/cli/first_use.h"
#include "client/cli/options.h"
#include "client/cli/report.h"
#include "client/cli/session.h"
#include "client/enrolment.h"
#include "client/participation.h"
#include "client/round_record.h"
#include "client/survey_record.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"
#include "commonwage/v1/command_output.pb.h"
#include "commonwage/v1/issuer_service.pb.h"

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

// A wallet at a server, and the round as it sees it.
struct Applicant {
  std::unique_ptr<Session> session;
  std::string office;  // Empty if the person goes to its page.
  CheckedRound visit;
};

absl::Status CheckUse(const EnrolOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  const int ways = static_cast<int>(!options.issuer.empty()) +
                   static_cast<int>(!options.request_out.empty()) +
                   static_cast<int>(!options.answer_in.empty());
  if (ways > 1) {
    return command::WrongUse(
        "Give one of these: --issuer, to ask the union office now; "
        "--request-out, to make the text for its page; --answer-in, to take "
        "the page's answer.");
  }
  if (ways == 1 && options.issuer.empty() &&
      (!options.code.empty() || !options.code_file.empty())) {
    return command::WrongUse(
        "The code is typed into the union office's page, not here.");
  }
  if (!options.answer_in.empty() && options.forgetful) {
    return command::WrongUse(
        "--forgetful goes with --request-out, which comes first.");
  }
  return options.survey_key.empty() ? absl::OkStatus()
                                    : CheckSurveyKeyOption(options.survey_key);
}

// The office that an option names, or else the invitation; `records` may be
// null. "" if the person goes to its page.
absl::StatusOr<std::string> OfficeFor(const EnrolOptions& options,
                                      const WalletRecords* records) {
  if (!options.issuer.empty() || !options.request_out.empty() ||
      !options.answer_in.empty()) {
    return options.issuer;
  }
  const SurveyRecord* survey =
      records != nullptr ? FindSurveyOf(*records, options.round) : nullptr;
  return survey != nullptr && !survey->invitation().office().empty()
             ? absl::StatusOr<std::string>(survey->invitation().office())
             : command::WrongUse(
                   "The wallet knows no union office for this survey. Give "
                   "one of these: --issuer, to ask the office now; "
                   "--request-out, to make the text for its page; --answer-in, "
                   "to take the page's answer.");
}

// Looks at the round for a person who has no wallet yet, so that none is made
// where there is nothing to enrol for.
absl::Status CheckBeforeMaking(const EnrolOptions& options, ServerApi& server,
                               SubmitOptions& choices) {
  COMMONWAGE_RETURN_IF_ERROR(OfficeFor(options, nullptr).status());
  COMMONWAGE_RETURN_IF_ERROR(
      VouchForSurvey(server, nullptr, options.round, choices));
  COMMONWAGE_ASSIGN_OR_RETURN(const TrustedRound round,
                              LookAtRound(server, options.round, choices));
  return CheckMayEnrol(round, nullptr, options.forgetful);
}

// Opens the wallet and looks at the round with it. Makes a wallet if there is
// none, unless an answer came, which then belongs to another.
absl::StatusOr<Applicant> Apply(const EnrolOptions& options,
                                std::ostream& people) {
  SubmitOptions choices;
  choices.survey_key_fingerprint = options.survey_key;
  const auto check = [&](ServerApi& server) {
    return CheckBeforeMaking(options, server, choices);
  };
  Applicant applicant;
  COMMONWAGE_ASSIGN_OR_RETURN(
      applicant.session,
      StartSession(options.server, options.wallet, options.round,
                   options.answer_in.empty() ? ServerCheck(check) : nullptr));
  Session& session = *applicant.session;
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              session.wallet.Read());
  COMMONWAGE_ASSIGN_OR_RETURN(applicant.office,
                              OfficeFor(options, &contents.records));
  COMMONWAGE_RETURN_IF_ERROR(VouchForSurvey(*session.server, &contents.records,
                                            options.round, choices));
  COMMONWAGE_ASSIGN_OR_RETURN(
      applicant.visit, session.Take().VisitRound(options.round, choices));
  TellVisit(applicant.visit, people);
  return applicant;
}

void TellEnrolled(const EnrolOptions& options, std::ostream& people) {
  people << "You are enrolled for " << options.round
         << ". The union office knows that you may answer; it cannot know "
            "which answer is yours.\n";
  if (options.server.json) {
    v1::EnrolmentReport report;
    report.set_round_id(options.round);
    report.set_enrolled(true);
    command::PrintJson(report);
  }
}

absl::Status EnrolAtIssuer(const EnrolOptions& options,
                           const Applicant& applicant) {
  COMMONWAGE_ASSIGN_OR_RETURN(ConnectOptions connect,
                              ConnectOptionsOf(options.server));
  // The reader's key is not the issuer's business.
  connect.api_key.clear();
  connect.server = applicant.office;
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
  Session& session = *applicant.session;
  return Enrol(session.wallet, *issuer, applicant.visit.round,
               code.ExposeText(), options.forgetful, session.random);
}

absl::Status WriteRequest(const EnrolOptions& options,
                          const Applicant& applicant, std::ostream& people) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const v1::IssueCredentialRequest request,
      PrepareRequest(applicant.session->wallet, applicant.visit.round,
                     options.forgetful, applicant.session->random));
  COMMONWAGE_RETURN_IF_ERROR(WriteOutput({options.request_out, "request file"},
                                         RequestText(request), Readers::kOwner,
                                         IfThereWith(options.force)));
  people
      << "Your request is made; nothing was sent to the union office. On its "
         "page /enrol, put in\nthe text of the file and the code from your "
         "letter. Save the answer in a file and say\n`commonwage enrol "
         "--answer-in FILE`, with the same server, round and wallet.\n";
  if (options.server.json) {
    command::PrintJson(request);
  }
  return absl::OkStatus();
}

absl::Status TakeAnswer(const EnrolOptions& options,
                        const Applicant& applicant) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string text,
      ReadFile({options.answer_in, "answer file"}, kMaxTextBytes));
  return AcceptAnswer(applicant.session->wallet, applicant.visit.round, text,
                      applicant.session->random);
}

absl::Status RunEnrol(const EnrolOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckUse(options));
  std::ostream& people = command::ForPeople(options.server.json);
  const absl::StatusOr<Applicant> applicant = Apply(options, people);
  if (!applicant.ok()) {
    return IfUnreachable(applicant.status(), kSurveyAway);
  }
  if (!options.request_out.empty()) {
    return WriteRequest(options, *applicant, people);
  }
  COMMONWAGE_RETURN_IF_ERROR(options.answer_in.empty()
                                 ? EnrolAtIssuer(options, *applicant)
                                 : TakeAnswer(options, *applicant));
  TellEnrolled(options, people);
  return absl::OkStatus();
}

}  // namespace

void AddEnrolCommand(command::CommandLine& program) {
  auto enrol = std::make_shared<EnrolOptions>();
  CLI::App& command = program.Add(
      "enrol",
      "Get a member's credential for a round, before answering. Makes the "
      "wallet if there is none.",
      [enrol] { return RunEnrol(*enrol); });
  enrol->server.AddTo(command, false);
  enrol->wallet.AddTo(command);
  command.add_option("--round", enrol->round, "SURVEY.ROUND")->required();
  command.add_option("--issuer", enrol->issuer,
                     "host:port of the union office's issuer; else the "
                     "invitation's.");
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
