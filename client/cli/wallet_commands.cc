// SPDX-License-Identifier: Apache-2.0
// `commonwage recover`.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/status_macros.h"
#include "client/cli/command_line.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/recovery_text.h"
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
