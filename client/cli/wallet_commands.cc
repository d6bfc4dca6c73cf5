// SPDX-License-Identifier: Apache-2.0
// `commonwage enrol` and `commonwage recover`.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/strip.h"

#include "base/clock.h"
#include "base/status_macros.h"
#include "client/cli/command_line.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/report.h"
#include "client/cli/terminal.h"
#include "client/enrolment.h"
#include "client/local_file.h"
#include "client/participation.h"
#include "client/recovery_text.h"
#include "commonwage/v1/command_output.pb.h"
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
  std::string code;
  std::string code_file;
  std::string survey_key;
  bool forgetful = false;
};

struct RecoverOptions {
  WalletOptions wallet;
  std::string words_file;
  bool show = false;
  bool json = false;
};

// Returns what is in a file that holds one secret, or asks for it.
absl::StatusOr<crypto::SecretBytes> SecretFrom(const std::string& path,
                                               absl::string_view name,
                                               absl::string_view prompt,
                                               absl::string_view remedy) {
  if (path.empty()) {
    return AskSecret(prompt, remedy);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      std::string text,
      ReadLocalFile({path, std::string(name)}, kMaxTextBytes));
  crypto::SecretBytes secret = crypto::SecretBytes::From(text);
  crypto::Wipe(text);
  return secret;
}

absl::StatusOr<crypto::SecretBytes> CodeOf(const EnrolOptions& options) {
  if (!options.code.empty()) {
    return crypto::SecretBytes::From(options.code);
  }
  return SecretFrom(options.code_file, "code file", "Your enrolment code",
                    "The code from your union is needed: type it when asked, "
                    "or name a file with --code-file.");
}

absl::Status CheckUse(const EnrolOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  return options.survey_key.empty() ? absl::OkStatus()
                                    : CheckSurveyKeyOption(options.survey_key);
}

absl::Status RunEnrol(const EnrolOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckUse(options));
  crypto::SodiumRandom random;
  SystemClock clock;
  std::ostream& people = ForPeople(options.server.json);
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  COMMONWAGE_ASSIGN_OR_RETURN(ConnectOptions issuer_options,
                              ConnectOptionsOf(options.server));
  // The reader's key is not the issuer's business.
  issuer_options.api_key.clear();
  issuer_options.server = options.issuer;
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<IssuerApi> issuer,
                              ConnectToIssuer(issuer_options));
  Choices choices;
  choices.survey_key_fingerprint = options.survey_key;
  const auto check = [&]() -> absl::Status {
    const absl::StatusOr<TrustedRound> round =
        LookAtRound(*server, options.round, choices);
    return round.ok() ? CheckMayEnrol(*round, nullptr, options.forgetful)
                      : IfUnreachable(round.status(), kSurveyAway);
  };
  COMMONWAGE_ASSIGN_OR_RETURN(
      const WalletFile wallet,
      OpenOrMakeWallet(options.wallet, check, random, people));
  Participation participation(wallet, *server, options.server.server, clock,
                              random);
  const absl::StatusOr<Visit> visit =
      participation.VisitRound(options.round, choices);
  if (!visit.ok()) {
    return IfUnreachable(visit.status(), kSurveyAway);
  }
  TellVisit(*visit, people);
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes code, CodeOf(options));
  COMMONWAGE_RETURN_IF_ERROR(Enrol(wallet, *issuer, visit->round,
                                   code.ExposeText(), options.forgetful,
                                   random));
  people << "You are enrolled for " << options.round
         << ". The union office knows that you may answer; it cannot know "
            "which answer is yours.\n";
  if (options.server.json) {
    v1::EnrolmentReport report;
    report.set_round_id(options.round);
    report.set_enrolled(true);
    PrintJson(report);
  }
  return absl::OkStatus();
}

absl::Status RunRecover(const RecoverOptions& options) {
  std::ostream& people = ForPeople(options.json);
  if (options.show) {
    COMMONWAGE_ASSIGN_OR_RETURN(const WalletFile wallet,
                                OpenWallet(options.wallet));
    COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet.Read());
    TellWords(contents.seed, people);
    return absl::OkStatus();
  }
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::SecretBytes words,
      SecretFrom(options.words_file, "file of words", "Your 24 words",
                 "The 24 words are needed: type them when asked, or name a "
                 "file with --words-file."));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> seed,
                              SeedFromRecoveryText(words.ExposeText()));
  COMMONWAGE_RETURN_IF_ERROR(MakeWallet(options.wallet, seed, random).status());
  people << "The wallet is back. Amend and withdraw work as before; for rounds "
            "of members, enrol\nonce more with the same code, and you get the "
            "same credential again.\n";
  if (options.json) {
    v1::RecoveryReport report;
    report.set_recovered(true);
    PrintJson(report);
  }
  return absl::OkStatus();
}

}  // namespace

void AddWalletCommands(CommandLine& program) {
  auto enrol = std::make_shared<EnrolOptions>();
  CLI::App& enrol_command = program.Add(
      "enrol",
      "Get a member's credential for a round, before answering. Makes the "
      "wallet if there is none.",
      [enrol] { return RunEnrol(*enrol); });
  enrol->server.AddTo(enrol_command);
  enrol->wallet.AddTo(enrol_command);
  enrol_command.add_option("--round", enrol->round, "SURVEY.ROUND")->required();
  enrol_command
      .add_option("--issuer", enrol->issuer,
                  "host:port of the union office's issuer.")
      ->required();
  enrol_command.add_option("--code", enrol->code,
                           "Your enrolment code. Other users of this machine "
                           "can see it while the command runs.");
  enrol_command.add_option("--code-file", enrol->code_file,
                           "File with your enrolment code; else it is asked.");
  enrol_command.add_option("--survey-key", enrol->survey_key,
                           "Fingerprint or words of the survey's key, as your "
                           "union printed them.");
  enrol_command.add_flag("--forgetful", enrol->forgetful,
                         "For an answer that will be submitted --forgetful.");

  auto recover = std::make_shared<RecoverOptions>();
  CLI::App& recover_command = program.Add(
      "recover", "Make a wallet from its 24 words, or show those of one.",
      [recover] { return RunRecover(*recover); });
  recover->wallet.AddTo(recover_command);
  recover_command.add_option("--words-file", recover->words_file,
                             "File with the words or the text of the QR code; "
                             "else they are asked.");
  recover_command.add_flag("--show", recover->show,
                           "Show the words of the wallet that is there.");
  recover_command.add_flag("--json", recover->json,
                           "Print a message of the API as JSON.");
}

}  // namespace commonwage::client::cli
