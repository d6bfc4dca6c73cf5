// SPDX-License-Identifier: Apache-2.0
// `commonwage submit`, `amend` and `withdraw`.

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "base/status_macros.h"
#include "client/checked_round.h"
#include "client/cli/commands.h"
#include "client/cli/first_use.h"
#include "client/cli/given_answers.h"
#include "client/cli/options.h"
#include "client/cli/report.h"
#include "client/cli/session.h"
#include "client/cli/text/words.h"
#include "client/cli/waiting.h"
#include "client/participation.h"
#include "client/round_record.h"
#include "client/submit_options.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"
#include "command/terminal.h"

namespace commonwage::client::cli {
namespace {

constexpr absl::string_view kNotKept =
    "The survey's server cannot be reached. Your answer was not kept: please "
    "give it again later.";

struct ParticipationOptions {
  ServerOptions server;
  WalletOptions wallet;
  std::string round;
  AnswerOptions answers;
  std::string survey_key;
  std::string within = "48h";
  bool now = false;
  bool no_wait = false;
  bool forgetful = false;
  bool resume = false;
};

using OptionsPtr = std::shared_ptr<ParticipationOptions>;

absl::StatusOr<SubmitOptions> ChoicesOf(const ParticipationOptions& options) {
  SubmitOptions choices;
  choices.survey_key_fingerprint = options.survey_key;
  choices.forgetful = options.forgetful;
  if (options.now) {
    choices.delay_up_to = absl::ZeroDuration();
  } else if (!absl::ParseDuration(options.within, &choices.delay_up_to) ||
             choices.delay_up_to < absl::ZeroDuration()) {
    return command::WrongUse("--within takes a time such as 48h or 90m.");
  }
  return choices;
}

absl::StatusOr<ParticipationStatus> FinishWaiting(
    Session& session, Participation& participation,
    const ParticipationStatus& standing, const ParticipationOptions& options) {
  if (standing.state != ParticipationStatus::State::kWaiting ||
      options.no_wait) {
    return standing;
  }
  std::ostream& people = command::ForPeople(options.server.json);
  people << "Your answer is sealed and kept in the wallet. It will be sent\n"
         << HourInWords(standing.send_at)
         << ", a random time, so that the moment says\nnothing about you. You "
            "may stop this program (Ctrl-C) and go on with\n`commonwage submit "
            "--resume`, or send at once with `--resume --now`.\n"
         << std::flush;
  return WaitAndSend(participation, standing.round_id, session.clock,
                     absl::SleepFor);
}

absl::Status ResumeRound(Session& session, const RoundRecord& record,
                         const ParticipationOptions& options) {
  ServerOptions server = options.server;
  if (server.server.empty()) {
    server.server = record.waiting().server();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(session.server, Connect(server));
  session.server_address = server.server;
  Participation participation = session.Take();
  COMMONWAGE_ASSIGN_OR_RETURN(
      ParticipationStatus standing,
      participation.Resume(record.round_id(), options.now));
  COMMONWAGE_ASSIGN_OR_RETURN(
      standing, FinishWaiting(session, participation, standing, options));
  TellStanding(standing, options.server.json);
  return absl::OkStatus();
}

absl::Status Resume(const ParticipationOptions& options) {
  if (!options.round.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(WalletFile wallet, OpenWallet(options.wallet));
  Session session(std::move(wallet));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              session.wallet.Read());
  absl::Status outcome;
  bool found = false;
  for (const RoundRecord& record : contents.records.rounds()) {
    const bool meant =
        options.round.empty() || record.round_id() == options.round;
    if (meant && record.has_waiting()) {
      found = true;
      // One round's failure does not keep the others from being sent.
      outcome.Update(ResumeRound(session, record, options));
    }
  }
  if (!found) {
    command::ForPeople(options.server.json) << "Nothing waits to be sent.\n";
  }
  return outcome;
}

absl::Status CheckComplete(const ParticipationOptions& options) {
  if (options.round.empty()) {
    return command::WrongUse("--round is needed. See --help.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  return options.survey_key.empty() ? absl::OkStatus()
                                    : CheckSurveyKeyOption(options.survey_key);
}

absl::StatusOr<std::unique_ptr<Session>> Start(
    const ParticipationOptions& options, const ServerCheck& before_making) {
  return StartSession(options.server, options.wallet, options.round,
                      before_making);
}

void TellBeforeSending(const ParticipationOptions& options,
                       const RoundRecord* record) {
  std::ostream& people = command::ForPeople(options.server.json);
  if (!options.forgetful && record != nullptr &&
      !record->throwaway_seed().empty()) {
    people << "You chose forgetful mode for this round: once the receipt is "
              "there, the keys and the receipt are\nerased, and your answer "
              "can no longer "
              "be changed or taken back.\n";
  }
  if (options.now) {
    people << "Sending at once: whoever watches the network can tell when you "
              "answered, not what.\n";
  }
  people << std::flush;
}

// Takes what the options give, and overwrites it there.
absl::StatusOr<EnteredAnswer> TakeAnswer(ParticipationOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckComplete(options));
  COMMONWAGE_ASSIGN_OR_RETURN(EnteredAnswer given,
                              ReadAnswers(options.answers, std::cin));
  options.answers.Wipe();
  return given;
}

// Asks, at a terminal, for what is not there yet: the person's word on the
// survey's key first, and then an answer. `records` may be null.
absl::Status AskForMissing(const ParticipationOptions& options,
                           ServerApi& server, const WalletRecords* records,
                           SubmitOptions& choices, EnteredAnswer* answer) {
  COMMONWAGE_RETURN_IF_ERROR(
      VouchForSurvey(server, records, options.round, choices));
  if (answer == nullptr || !answer->empty() || !command::IsTerminal()) {
    return absl::OkStatus();
  }
  const WalletRecords none;
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse shown,
                              AskForRound(server, options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const TrustedRound round,
      CheckRound(shown, options.round,
                 AnchorsOf(records != nullptr ? *records : none, options.round,
                           choices.survey_key_fingerprint)));
  if (round.manifest.admission == Admission::kOpen) {
    std::cerr << OpenRoundSentence() << '\n';
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      *answer, AskForAnswers(round.manifest.plan, std::cin, std::cerr));
  return absl::OkStatus();
}

// Looks at the round for a person who has no wallet yet, so that none is made
// for an answer that cannot be sealed.
absl::Status CheckBeforeMaking(const ParticipationOptions& options,
                               ServerApi& server, SubmitOptions& choices,
                               EnteredAnswer& answer) {
  COMMONWAGE_RETURN_IF_ERROR(
      AskForMissing(options, server, nullptr, choices, &answer));
  COMMONWAGE_ASSIGN_OR_RETURN(const TrustedRound round,
                              LookAtRound(server, options.round, choices));
  return CheckAnswer(round, nullptr, answer, choices, absl::Now()).status();
}

// Asks for what is missing and looks at the round with the wallet.
absl::StatusOr<CheckedRound> VisitWith(Session& session,
                                       const ParticipationOptions& options,
                                       SubmitOptions& choices,
                                       EnteredAnswer* answer) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              session.wallet.Read());
  COMMONWAGE_RETURN_IF_ERROR(AskForMissing(options, *session.server,
                                           &contents.records, choices, answer));
  return session.Take().VisitRound(options.round, choices);
}

absl::Status Submit(ParticipationOptions& options) {
  if (options.resume) {
    return Resume(options);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(SubmitOptions choices, ChoicesOf(options));
  COMMONWAGE_ASSIGN_OR_RETURN(EnteredAnswer given, TakeAnswer(options));
  AnswersOnce once(std::move(given));
  const auto check = [&](ServerApi& server) {
    return IfUnreachable(
        CheckBeforeMaking(options, server, choices, once.given), kNotKept);
  };
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                              Start(options, check));
  const absl::StatusOr<CheckedRound> visit =
      VisitWith(*session, options, choices, &once.given);
  if (!visit.ok()) {
    return IfUnreachable(visit.status(), kNotKept);
  }
  TellVisit(*visit, command::ForPeople(options.server.json));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              session->wallet.Read());
  const RoundRecord* record = FindRound(contents.records, options.round);
  COMMONWAGE_RETURN_IF_ERROR(CheckAnswer(visit->round, record, once.given,
                                         choices, session->clock.Now())
                                 .status());
  TellBeforeSending(options, record);
  Participation participation = session->Take();
  COMMONWAGE_ASSIGN_OR_RETURN(
      ParticipationStatus standing,
      participation.Submit(visit->round, once.given, choices));
  // It is sealed, and the program may wait for two days from here on.
  WipeAnswers(once.given);
  COMMONWAGE_ASSIGN_OR_RETURN(
      standing, FinishWaiting(*session, participation, standing, options));
  TellStanding(standing, options.server.json);
  return absl::OkStatus();
}

absl::Status Amend(ParticipationOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(SubmitOptions choices, ChoicesOf(options));
  COMMONWAGE_ASSIGN_OR_RETURN(EnteredAnswer given, TakeAnswer(options));
  AnswersOnce once(std::move(given));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                              Start(options, nullptr));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const CheckedRound visit,
      VisitWith(*session, options, choices, &once.given));
  COMMONWAGE_ASSIGN_OR_RETURN(const ParticipationStatus standing,
                              session->Take().Amend(visit.round, once.given));
  TellStanding(standing, options.server.json);
  return absl::OkStatus();
}

absl::Status Withdraw(ParticipationOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckComplete(options));
  COMMONWAGE_ASSIGN_OR_RETURN(SubmitOptions choices, ChoicesOf(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                              Start(options, nullptr));
  COMMONWAGE_ASSIGN_OR_RETURN(const CheckedRound visit,
                              VisitWith(*session, options, choices, nullptr));
  COMMONWAGE_ASSIGN_OR_RETURN(const ParticipationStatus standing,
                              session->Take().Withdraw(visit.round));
  TellStanding(standing, options.server.json);
  return absl::OkStatus();
}

CLI::App& AddOne(command::CommandLine& program, const std::string& name,
                 const std::string& description,
                 absl::Status (*action)(ParticipationOptions&),
                 const OptionsPtr& options) {
  CLI::App& command = program.Add(
      name, description, [options, action] { return action(*options); });
  options->server.AddTo(command, false);
  options->wallet.AddTo(command);
  command.add_option("--round", options->round, "SURVEY.ROUND");
  command.add_option("--survey-key", options->survey_key,
                     "Fingerprint or words of the survey's key, as your union "
                     "printed them: for the first use of a survey that the "
                     "wallet has not joined.");
  return command;
}

}  // namespace

void AddParticipationCommands(command::CommandLine& program) {
  const auto submit_options = std::make_shared<ParticipationOptions>();
  CLI::App& submit =
      AddOne(program, "submit",
             "Seal your answer on this device and send it. Makes the wallet "
             "if there is none.",
             Submit, submit_options);
  submit_options->answers.AddTo(submit);
  submit.add_option("--within", submit_options->within,
                    "Send at a random time within this (default 48h).");
  submit.add_flag("--now", submit_options->now,
                  "Send at once. Then whoever watches the network can tell "
                  "when you answered.");
  submit.add_flag("--no-wait", submit_options->no_wait,
                  "Do not stay to send it; `commonwage submit --resume` will.");
  submit.add_flag("--resume", submit_options->resume,
                  "Send what waits in the wallet.");
  submit.add_flag("--forgetful", submit_options->forgetful,
                  "Erase the keys once the receipt is there: no amending, no "
                  "withdrawing, no trace.");

  const auto amend_options = std::make_shared<ParticipationOptions>();
  amend_options->answers.AddTo(
      AddOne(program, "amend", "Replace your answer.", Amend, amend_options));
  AddOne(program, "withdraw", "Take your answer back, for good.", Withdraw,
         std::make_shared<ParticipationOptions>());
}

}  // namespace commonwage::client::cli
