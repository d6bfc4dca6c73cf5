// SPDX-License-Identifier: Apache-2.0
#include "client/cli/options.h"

#include <cstddef>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/file/input_file.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "client/recovery_text.h"
#include "command/report.h"
#include "command/terminal.h"
#include "crypto/fingerprint.h"
#include "crypto/key_file.h"
#include "crypto/recovery_words.h"
#include "survey/text/identifier.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kMaxSmallFileBytes = size_t{1} << 20;
constexpr size_t kMaxSecretBytes = size_t{1} << 16;

constexpr absl::string_view kPassphraseRemedy =
    "A wallet needs a passphrase: type it when asked, or name a file with "
    "--passphrase-file.";

absl::StatusOr<crypto::SecretBytes> PassphraseOf(const WalletOptions& options) {
  return options.passphrase_file.empty()
             ? command::AskSecret("Passphrase of the wallet", kPassphraseRemedy)
             : crypto::LoadPassphraseFile(options.passphrase_file);
}

}  // namespace

void ServerOptions::AddTo(CLI::App& command, bool server_required) {
  command
      .add_option("--server", server,
                  "host:port. TLS is used, except on this very machine; with "
                  "https:// in front there too.")
      ->required(server_required);
  command.add_option("--ca", ca_file,
                     "PEM file of the authorities to believe, instead of the "
                     "system's.");
  command.add_option("--api-key-file", api_key_file,
                     "File with a reader's key, for figures that need one.");
  command.add_flag("--json", json, "Print a message of the API as JSON.");
}

absl::StatusOr<ConnectOptions> ConnectOptionsOf(const ServerOptions& options) {
  ConnectOptions result;
  result.server = options.server;
  if (!options.ca_file.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        result.tls_roots_pem,
        ReadFile({options.ca_file, "authorities file"}, kMaxSmallFileBytes));
  }
  if (!options.api_key_file.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const std::string key,
        ReadFile({options.api_key_file, "key file"}, kMaxSmallFileBytes));
    result.api_key = std::string(TrimTyped(key));
  }
  return result;
}

absl::StatusOr<std::unique_ptr<ServerApi>> Connect(
    const ServerOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const ConnectOptions connect,
                              ConnectOptionsOf(options));
  return ConnectToServer(connect);
}

void WalletOptions::AddTo(CLI::App& command) {
  command.add_option("--wallet", path, "The wallet's file.")->required();
  command.add_option("--passphrase-file", passphrase_file,
                     "File with the wallet's passphrase; else it is asked.");
}

absl::StatusOr<crypto::SecretBytes> SecretFrom(const std::string& path,
                                               absl::string_view name,
                                               absl::string_view prompt,
                                               absl::string_view remedy) {
  if (path.empty()) {
    return command::AskSecret(prompt, remedy);
  }
  return crypto::LoadSecretFile({path, std::string(name)}, kMaxSecretBytes);
}

absl::StatusOr<crypto::SecretBytes> NewPassphrase(const std::string& path) {
  if (!path.empty()) {
    return crypto::LoadPassphraseFile(path);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      crypto::SecretBytes passphrase,
      command::AskSecret(
          absl::StrCat("Choose a passphrase for the wallet, of ",
                       kMinPassphraseLength, " characters or more"),
          kPassphraseRemedy));
  COMMONWAGE_RETURN_IF_ERROR(CheckNewPassphrase(passphrase));
  if (command::IsTerminal()) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const crypto::SecretBytes again,
        command::AskSecret("The same once more", kPassphraseRemedy));
    if (!passphrase.Equals(again)) {
      return command::WrongUse(
          "The two passphrases are not the same. Try again.");
    }
  }
  return passphrase;
}

absl::StatusOr<WalletFile> OpenWallet(const WalletOptions& options) {
  // The sentence about a missing file comes before the question.
  COMMONWAGE_RETURN_IF_ERROR(
      ReadFile({options.path, "wallet"}, size_t{16} << 20).status());
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes passphrase,
                              PassphraseOf(options));
  return WalletFile::Open(options.path, passphrase);
}

absl::StatusOr<WalletFile> MakeWallet(const WalletOptions& options,
                                      const crypto::Secret<32>& seed,
                                      RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes passphrase,
                              NewPassphrase(options.passphrase_file));
  return WalletFile::Create(options.path, passphrase, seed, random);
}

absl::StatusOr<WalletFile> OpenOrMakeWallet(
    const WalletOptions& options,
    const std::function<absl::Status()>& before_making, RandomSource& random,
    std::ostream& out) {
  absl::StatusOr<WalletFile> wallet = OpenWallet(options);
  if (ReasonOf(wallet.status()) != Reason::kFileNotFound) {
    return wallet;
  }
  COMMONWAGE_RETURN_IF_ERROR(before_making());
  const crypto::Secret<32> seed = crypto::Secret<32>::Random(random);
  wallet = MakeWallet(options, seed, random);
  if (wallet.ok()) {
    out << "A new wallet was made.\n";
    TellWords(seed, out);
  }
  return wallet;
}

void TellWords(const crypto::Secret<32>& seed, std::ostream& out) {
  const crypto::SecretBytes words = crypto::RecoveryWords(seed);
  out << "These words are the wallet. Write them down on paper, in order:\n";
  size_t position = 0;
  for (const absl::string_view word : absl::StrSplit(words.ExposeText(), ' ')) {
    out << (position % 6 == 0 ? "\n  " : " ") << position + 1 << '.' << word;
    ++position;
  }
  out << "\n\nWith them you can change or withdraw an answer after this device "
         "is lost;\nso can anybody else who has them. For a QR code:\n\n  "
      << RecoveryQrText(seed).ExposeText() << "\n\n";
}

absl::Status CheckRoundOption(const std::string& round) {
  return IsRoundId(round)
             ? absl::OkStatus()
             : command::WrongUse(
                   "--round takes SURVEY.ROUND, as `commonwage rounds` lists "
                   "them.");
}

absl::Status CheckSurveyKeyOption(const std::string& survey_key) {
  // Which key does not matter here, only whether this is a fingerprint.
  const absl::Status verdict =
      crypto::CheckFingerprint(crypto::VerifyKey(), survey_key);
  return ReasonOf(verdict) == Reason::kFingerprintMalformed
             ? command::WrongUse(
                   "--survey-key takes 40 hexadecimal digits or twelve words, "
                   "as your union printed them.")
             : absl::OkStatus();
}

}  // namespace commonwage::client::cli
