// SPDX-License-Identifier: Apache-2.0
// `commonwage recover` and `commonwage passphrase change`.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/status_macros.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/recovery_text.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/terminal.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/sodium_random.h"

namespace commonwage::client::cli {
namespace {

struct RecoverOptions {
  WalletOptions wallet;
  std::string words_file;
  bool show = false;
  bool json = false;
};

struct PassphraseOptions {
  WalletOptions wallet;
  std::string new_passphrase_file;
  bool json = false;
};

absl::StatusOr<crypto::SecretBytes> WordsOf(const RecoverOptions& options) {
  constexpr absl::string_view kPrompt = "Your 24 words, in any number of lines";
  constexpr absl::string_view kRemedy =
      "The 24 words are needed: type them when asked, or name a file with "
      "--words-file.";
  return options.words_file.empty()
             ? command::AskSecretText(kPrompt, kRemedy, IsWholeRecoveryText)
             : SecretFrom(options.words_file, "file of words", kPrompt,
                          kRemedy);
}

absl::Status RunRecover(const RecoverOptions& options) {
  std::ostream& people = command::ForPeople(options.json);
  if (options.show) {
    COMMONWAGE_ASSIGN_OR_RETURN(const WalletFile wallet,
                                OpenWallet(options.wallet));
    COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet.Read());
    TellWords(contents.seed, people);
    return absl::OkStatus();
  }
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes words,
                              WordsOf(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> seed,
                              SeedFromRecoveryText(words.ExposeText()));
  COMMONWAGE_RETURN_IF_ERROR(MakeWallet(options.wallet, seed, random).status());
  people << "The wallet is back. Amend and withdraw work as before; for rounds "
            "of members, enrol\nonce more with the same code, and you get the "
            "same credential again.\n";
  if (options.json) {
    v1::RecoveryReport report;
    report.set_recovered(true);
    command::PrintJson(report);
  }
  return absl::OkStatus();
}

absl::Status RunPassphraseChange(const PassphraseOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(WalletFile wallet, OpenWallet(options.wallet));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes passphrase,
                              NewPassphrase(options.new_passphrase_file));
  crypto::SodiumRandom random;
  COMMONWAGE_RETURN_IF_ERROR(wallet.ChangePassphrase(passphrase, random));
  command::ForPeople(options.json)
      << "The passphrase is changed. Copies of the wallet that were made "
         "before still open with\nthe old one: if others may know it, destroy "
         "them. The 24 words stay the same.\n";
  if (options.json) {
    v1::PassphraseReport report;
    report.set_changed(true);
    command::PrintJson(report);
  }
  return absl::OkStatus();
}

void AddPassphraseCommand(command::CommandLine& program) {
  auto change = std::make_shared<PassphraseOptions>();
  CLI::App& command = program.Add(
      "passphrase", "change", "Put the wallet under another passphrase.",
      [change] { return RunPassphraseChange(*change); });
  change->wallet.AddTo(command);
  command.add_option("--new-passphrase-file", change->new_passphrase_file,
                     "File with the new passphrase; else it is asked.");
  command.add_flag("--json", change->json,
                   "Print a message of the API as JSON.");
}

}  // namespace

void AddWalletCommands(command::CommandLine& program) {
  AddPassphraseCommand(program);
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
