// SPDX-License-Identifier: Apache-2.0
// `commonwage join`: an invitation, once, in the place of addresses and keys
// typed with every command.

#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/input_file.h"
#include "base/status_macros.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/text/words.h"
#include "client/joining.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/sodium_random.h"
#include "survey/invitation.h"

namespace commonwage::client::cli {
namespace {

constexpr absl::string_view kStandardInput = "-";
// With room for what mail puts around it.
constexpr size_t kMaxFileBytes = 2 * kMaxInvitationLength;

struct JoinOptions {
  WalletOptions wallet;
  std::string invitation;
  std::string file;
  bool replace = false;
  bool json = false;
};

std::string FromStandardInput() {
  std::string text(kMaxFileBytes, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(std::cin.gcount()));
  return text;
}

absl::StatusOr<Invitation> InvitationFrom(const JoinOptions& options) {
  if (options.invitation.empty() == options.file.empty()) {
    return command::WrongUse(
        "Give the invitation, or a file that holds it with --file.");
  }
  if (options.file.empty()) {
    return ParseInvitation(options.invitation);
  }
  if (options.file == kStandardInput) {
    return ParseInvitation(FromStandardInput());
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string text,
      ReadFile({options.file, "invitation"}, kMaxFileBytes));
  return ParseInvitation(text);
}

void TellJoined(const Invitation& invitation, std::ostream& people) {
  people << "This wallet has joined the survey " << invitation.survey
         << ". Commands that are given no address\ngo to\n  server  "
         << invitation.server << '\n';
  if (!invitation.office.empty()) {
    people << "  office  " << invitation.office << '\n';
  }
  people << "and a round that is signed by another key than this one is "
            "refused:\n  "
         << invitation.survey_key << "\n  "
         << crypto::WordsOfFingerprint(invitation.survey_key) << '\n';
  people << (invitation.admission == Admission::kOpen
                 ? OpenRoundSentence()
                 : "Its rounds are for members only, one answer each: enrol "
                   "with your code before you answer.")
         << "\nWhoever forges an invitation can be whoever they like: if this "
            "one did not come from your\nunion's own hands, compare the words "
            "with what it printed.\n";
}

absl::Status RunJoin(const JoinOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Invitation invitation,
                              InvitationFrom(options));
  std::ostream& people = command::ForPeople(options.json);
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const WalletFile wallet,
      OpenOrMakeWallet(
          options.wallet, [] { return absl::OkStatus(); }, random, people));
  COMMONWAGE_RETURN_IF_ERROR(
      Join(wallet, invitation,
           options.replace ? Rejoin::kReplace : Rejoin::kRefuse, random));
  TellJoined(invitation, people);
  if (options.json) {
    v1::InvitationReport report;
    report.set_survey(invitation.survey);
    report.set_server(invitation.server);
    report.set_office(invitation.office);
    report.set_survey_key(invitation.survey_key);
    report.set_survey_key_words(
        crypto::WordsOfFingerprint(invitation.survey_key));
    report.set_admission(invitation.admission == Admission::kOpen
                             ? v1::ADMISSION_OPEN
                             : v1::ADMISSION_CREDENTIAL);
    report.set_invitation(WriteInvitation(invitation));
    command::PrintJson(report);
  }
  return absl::OkStatus();
}

}  // namespace

void AddJoinCommand(command::CommandLine& program) {
  auto options = std::make_shared<JoinOptions>();
  CLI::App& command = program.Add(
      "join",
      "Take your union's invitation: from then on the wallet knows the "
      "survey's server, office and key. Makes the wallet if there is none.",
      [options] { return RunJoin(*options); });
  command.add_option("INVITATION", options->invitation,
                     "The text, or the link that ends with it.");
  options->wallet.AddTo(command);
  command.add_option("--file", options->file,
                     "Instead: a file that holds it; - is standard input.");
  command.add_flag("--replace", options->replace,
                   "Take it in the place of another one to the same survey.");
  command.add_flag("--json", options->json,
                   "Print a message of the API as JSON.");
}

}  // namespace commonwage::client::cli
