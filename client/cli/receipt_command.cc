// SPDX-License-Identifier: Apache-2.0
// `commonwage receipt`: look at the receipt in a wallet, ask for it again, put
// it in a file, and check such a file without wallet or server.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/report.h"
#include "client/participation.h"
#include "client/receipt_check.h"
#include "client/round_record.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/sodium_random.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kMaxReceiptFileBytes = 65536;

struct ReceiptOptions {
  ServerOptions server;
  WalletOptions wallet;
  std::string round;
  std::string out;
  std::string check;
  std::string receipt_key;
  bool force = false;
};

// Fails with FAILED_PRECONDITION (RECEIPT_KEY_DIFFERS) unless `key` has the
// fingerprint that was typed, if one was.
absl::Status CheckReceiptKey(const crypto::VerifyKey& key,
                             const std::string& typed) {
  if (typed.empty()) {
    return absl::OkStatus();
  }
  const absl::Status verdict = crypto::CheckFingerprint(key, typed);
  if (ReasonOf(verdict) == Reason::kFingerprintMalformed) {
    return command::WrongUse(
        "--receipt-key takes 40 hexadecimal digits or twelve words, as the "
        "operator announced them.");
  }
  return verdict.ok() ? verdict
                      : Refusal(Reason::kReceiptKeyDiffers,
                                "The receipt is signed by another key than "
                                "the operator's.");
}

absl::Status CheckFile(const ReceiptOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string text,
      ReadFile({options.check, "receipt file"}, kMaxReceiptFileBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::ReceiptFile file,
                              ReadReceiptFile(text));
  const crypto::VerifyKey key =
      *crypto::VerifyKey::From(file.receipt_verify_key());
  COMMONWAGE_RETURN_IF_ERROR(CheckReceiptKey(key, options.receipt_key));
  const v1::Receipt& receipt = file.receipt();
  const bool stored = receipt.status() == v1::RECEIPT_STATUS_STORED;
  if (options.server.json) {
    v1::ReceiptCheckReport report;
    report.set_verified(true);
    report.set_status(stored ? "stored" : "withdrawn");
    report.set_receipt_key(crypto::Fingerprint(key));
    report.set_manifest_hash(receipt.manifest_hash());
    report.set_frame_digest(receipt.frame_digest());
    report.set_sequence(receipt.sequence());
    command::PrintJson(report);
    return absl::OkStatus();
  }
  std::cout << "The receipt is valid: its signer "
            << (stored ? "has stored" : "has withdrawn and deleted")
            << " one sealed answer.\n  rules     "
            << absl::BytesToHexString(receipt.manifest_hash())
            << "\n  frame     "
            << absl::BytesToHexString(receipt.frame_digest())
            << "\n  sequence  " << receipt.sequence() << "\n  signed by "
            << crypto::Fingerprint(key)
            << "\n          = " << crypto::FingerprintWords(key) << '\n';
  if (options.receipt_key.empty()) {
    std::cout << "Compare the signer with the operator's key for receipts, or "
                 "give it with --receipt-key.\n";
  }
  return absl::OkStatus();
}

absl::Status WriteReceipt(const RoundRecord* record,
                          const ReceiptOptions& options) {
  if (record == nullptr || !HasReceipt(*record)) {
    return Refusal(Reason::kNoReceipt,
                   "This wallet has no receipt for this round.");
  }
  COMMONWAGE_RETURN_IF_ERROR(
      WriteOutput({options.out, "receipt file"},
                  WriteReceiptFile(record->receipt(), ReceiptKeyOf(*record)),
                  Readers::kOwner, IfThereWith(options.force)));
  command::ForPeople(options.server.json)
      << "The receipt is in the file; anybody can check it with `commonwage "
         "receipt --check FILE`.\nIt says neither what you answered nor who "
         "you are; that you have it says that you took part.\n";
  return absl::OkStatus();
}

absl::Status RunReceipt(const ReceiptOptions& options) {
  if (!options.check.empty()) {
    return CheckFile(options);
  }
  if (options.round.empty() || options.wallet.path.empty()) {
    return command::WrongUse(
        "--round and --wallet are needed, or --check. See --help.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletFile wallet,
                              OpenWallet(options.wallet));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet.Read());
  const RoundRecord* record = FindRound(contents.records, options.round);
  COMMONWAGE_ASSIGN_OR_RETURN(ParticipationStatus standing,
                              DeriveStatus(options.round, record));
  if (!options.server.server.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                                Connect(options.server));
    SystemClock clock;
    crypto::SodiumRandom random;
    Participation participation(wallet, *server, options.server.server, clock,
                                random);
    COMMONWAGE_ASSIGN_OR_RETURN(standing,
                                participation.AskAgain(options.round));
  }
  if (!options.out.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(WriteReceipt(record, options));
  }
  TellStanding(standing, options.server.json);
  return absl::OkStatus();
}

}  // namespace

void AddReceiptCommand(command::CommandLine& program) {
  const auto options = std::make_shared<ReceiptOptions>();
  CLI::App& command =
      program.Add("receipt",
                  "Check the receipt in the wallet; with --server, ask for it "
                  "again.",
                  [options] { return RunReceipt(*options); });
  options->server.AddTo(command, false);
  options->wallet.AddTo(command);
  command.get_option("--wallet")->required(false);
  command.add_option("--round", options->round, "SURVEY.ROUND");
  command.add_option("--out", options->out,
                     "Write the receipt to this file, for others to check.");
  command.add_flag("--force", options->force, kForceHelp);
  command.add_option("--check", options->check,
                     "Instead: check such a file, without wallet or server.");
  command.add_option("--receipt-key", options->receipt_key,
                     "With --check: fingerprint or words of the operator's key "
                     "for receipts.");
}

}  // namespace commonwage::client::cli
