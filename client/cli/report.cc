// SPDX-License-Identifier: Apache-2.0
#include "client/cli/report.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "base/error.h"
#include "client/cli/text/words.h"
#include "client/round_record.h"
#include "command/json_output.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"

namespace commonwage::client::cli {
namespace {

const char* WordFor(ParticipationStatus::State state) {
  switch (state) {
    case ParticipationStatus::State::kWaiting:
      return "waiting";
    case ParticipationStatus::State::kStored:
      return "stored";
    case ParticipationStatus::State::kWithdrawn:
      return "withdrawn";
    case ParticipationStatus::State::kForgotten:
      return "forgotten";
    case ParticipationStatus::State::kMissed:
      return "missed";
    case ParticipationStatus::State::kUnconfirmed:
      return "unconfirmed";
    case ParticipationStatus::State::kCalledOff:
      return "called off";
    case ParticipationStatus::State::kNothing:
      break;
  }
  return "nothing";
}

std::string SentenceFor(const ParticipationStatus& standing) {
  switch (standing.state) {
    case ParticipationStatus::State::kWaiting:
      return absl::StrCat(
          "Your answer is sealed and waits on this device, to be sent ",
          HourInWords(standing.send_at),
          ". The time is random, so that it says nothing about you. "
          "`commonwage submit --resume` sends it when it is due.");
    case ParticipationStatus::State::kStored:
      return "Your answer is stored, and the receipt is valid. Nobody can read "
             "it before the round is closed, and only figures of whole groups "
             "leave it then. You can change it or take it back until the "
             "round closes.";
    case ParticipationStatus::State::kWithdrawn:
      return "Your answer is withdrawn and deleted, and the receipt is valid. "
             "This is final for the round.";
    case ParticipationStatus::State::kForgotten:
      return "Your answer was stored. The keys and the receipt are erased: "
             "nothing in this wallet leads to it.";
    case ParticipationStatus::State::kMissed:
      return std::string(kMissedSentence);
    case ParticipationStatus::State::kUnconfirmed:
      return std::string(kUnconfirmedSentence);
    case ParticipationStatus::State::kCalledOff:
      return std::string(kCalledOffSentence);
    case ParticipationStatus::State::kNothing:
      break;
  }
  return "This wallet has nothing in this round.";
}

}  // namespace

std::string HourInWords(absl::Time time) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  return absl::StrCat(
      "between ", absl::FormatTime("%Y-%m-%d %H:00", time, utc), " and ",
      absl::FormatTime("%H:00", time + absl::Hours(1), utc), " UTC");
}

absl::Status IfUnreachable(const absl::Status& status,
                           absl::string_view sentence) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kServerUnreachable ||
                 reason == Reason::kServerTooSlow
             ? Reworded(status, sentence)
             : status;
}

void TellVisit(const CheckedRound& visit, std::ostream& out) {
  if (visit.server_away) {
    out << "The survey's server cannot be reached just now. This goes by the "
           "rules of the round\nthat the wallet has kept.\n";
  }
  if (visit.first_use) {
    out << "This is your first time with this survey. Its key is the one that "
           "you vouched for, and from\nnow on the wallet trusts no other:\n  "
        << crypto::Fingerprint(visit.round.survey_key) << "\n  "
        << crypto::FingerprintWords(visit.round.survey_key) << '\n';
  }
  if (visit.new_receipt_key) {
    out << "The round's rules name an operator's key for receipts that this "
           "wallet has not seen before,\nand it takes receipts of no other. "
           "Compare it, if the operator has announced it:\n  "
        << crypto::FingerprintWords(visit.round.receipt_key) << '\n';
  }
  if (visit.round.manifest.admission == Admission::kOpen) {
    out << OpenRoundSentence() << '\n';
  }
}

void TellStanding(const ParticipationStatus& standing, bool json) {
  if (!json) {
    std::cout << standing.round_id << ": " << SentenceFor(standing) << '\n';
    return;
  }
  v1::ReceiptReport report;
  report.set_round_id(standing.round_id);
  report.set_status(WordFor(standing.state));
  report.set_verified(standing.state == ParticipationStatus::State::kStored ||
                      standing.state == ParticipationStatus::State::kWithdrawn);
  report.set_sequence(standing.sequence);
  command::PrintJson(report);
}

}  // namespace commonwage::client::cli
