// SPDX-License-Identifier: Apache-2.0
// `commonwage download` and `verify`.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/cli/command_line.h"
#include "client/cli/commands.h"
#include "client/cli/figures_text.h"
#include "client/cli/options.h"
#include "client/release_files.h"
#include "client/round_trust.h"
#include "client/verified_figures.h"
#include "client/verify.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/hash.h"
#include "privacy/best_guess.h"
#include "privacy/plan_loss.h"
#include "survey/labels.h"

namespace commonwage::client::cli {
namespace {

struct DownloadOptions {
  ServerOptions server;
  std::string round;
  std::string directory;
};

struct VerifyOptions {
  std::string directory;
  std::string survey_key;
  bool figures = false;
  bool json = false;
};

absl::Status RunDownload(const DownloadOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  v1::DownloadReleaseRequest request;
  request.set_name(absl::StrCat("releases/", options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string bytes,
                              server->DownloadRelease(request));
  v1::SignedRelease release;
  if (!release.ParseFromString(bytes)) {
    return Refusal(absl::StatusCode::kDataLoss, "RELEASE_MALFORMED",
                   "What the server sent is no release. Nothing was written.");
  }
  COMMONWAGE_RETURN_IF_ERROR(WriteReleaseFiles(options.directory, release));

  v1::DownloadReport report;
  report.set_round_id(options.round);
  report.set_release_digest(
      std::string(crypto::Sha256(kReleaseHashLabel, release.release()).view()));
  for (const crypto::VerifyKey& signer : SignersOf(
           release.signatures(), kReleaseSignatureLabel, release.release())) {
    report.add_signed_by(crypto::Fingerprint(signer));
  }
  if (options.server.json) {
    PrintJson(report);
    return absl::OkStatus();
  }
  std::cout << "The release is there: RELEASE.bin, MANIFEST.json and their "
               "signatures. Check it with\n  commonwage verify DIR "
               "--survey-key FINGERPRINT\nusing the fingerprint that the union "
               "printed, not one from the same server.\n";
  for (const std::string& fingerprint : report.signed_by()) {
    std::cout << "It says it is signed by " << fingerprint << '\n';
  }
  return absl::OkStatus();
}

// Returns the fingerprint of the key that `typed` means, in its usual form.
std::string SurveyKeyOf(const v1::SignedRelease& release,
                        const std::string& typed) {
  for (const crypto::VerifyKey& signer : SignersOf(
           release.signatures(), kReleaseSignatureLabel, release.release())) {
    if (crypto::CheckFingerprint(signer, typed).ok()) {
      return crypto::Fingerprint(signer);
    }
  }
  return "";
}

// Says in numbers what the checks say in words of the loss.
absl::Status SetLoss(const Plan& plan, v1::VerifyReport& report) {
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::PlanLoss loss,
                              privacy::LossOf(plan));
  const privacy::BestGuess guess = privacy::BestGuessOf(plan, loss, 1);
  report.mutable_best_guess()->set_took_part(
      static_cast<double>(guess.took_part) / 1e4);
  report.mutable_best_guess()->set_which_answer(
      static_cast<double>(guess.which_answer) / 1e4);
  report.set_threshold_delta(static_cast<double>(loss.threshold_delta));
  return absl::OkStatus();
}

absl::Status RunVerify(const VerifyOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckSurveyKeyOption(options.survey_key));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::SignedRelease release,
                              ReadReleaseFiles(options.directory));
  v1::VerifyReport report;
  std::vector<std::string> checks;
  const absl::StatusOr<privacy::estimate::Figures> figures =
      VerifyRelease(release, options.survey_key, checks);
  report.set_ok(figures.ok());
  if (figures.ok()) {
    report.set_round_id(figures->release().round_id);
    report.set_survey_key(SurveyKeyOf(release, options.survey_key));
    COMMONWAGE_RETURN_IF_ERROR(SetLoss(figures->manifest().plan, report));
    if (options.figures) {
      COMMONWAGE_ASSIGN_OR_RETURN(const auto tables,
                                  TablesOf(*figures, release));
      report.mutable_figures()->Assign(tables.begin(), tables.end());
    }
  } else {
    checks.emplace_back(figures.status().message());
  }
  if (options.json) {
    report.mutable_checks()->Assign(checks.begin(), checks.end());
    PrintJson(report);
    return figures.status();
  }
  if (!figures.ok()) {
    checks.pop_back();
  }
  for (const std::string& check : checks) {
    std::cout << "holds: " << check << '\n';
  }
  if (!figures.ok()) {
    std::cout << "FAILS.\n";
    return figures.status();
  }
  std::cout << "The release of " << report.round_id() << " is genuine.\n";
  for (const v1::SummarizeResponse& table : report.figures()) {
    std::cout << '\n';
    TellSummary(table);
  }
  return absl::OkStatus();
}

}  // namespace

void AddReleaseCommands(CommandLine& program) {
  auto download = std::make_shared<DownloadOptions>();
  CLI::App& download_command =
      program.Add("download", "Keep a whole release, to be checked and cited.",
                  [download] { return RunDownload(*download); });
  download->server.AddTo(download_command);
  download_command.add_option("--round", download->round, "SURVEY.ROUND")
      ->required();
  download_command
      .add_option("--out", download->directory, "Directory for the files.")
      ->required();

  auto verify = std::make_shared<VerifyOptions>();
  CLI::App& verify_command = program.Add(
      "verify",
      "Check a downloaded release, from its files and the survey key's "
      "fingerprint alone.",
      [verify] { return RunVerify(*verify); });
  verify_command
      .add_option("directory", verify->directory, "Directory of the files.")
      ->required();
  verify_command
      .add_option("--survey-key", verify->survey_key,
                  "Fingerprint or words of the survey's key.")
      ->required();
  verify_command.add_flag(
      "--figures", verify->figures,
      "Show the figures of every table, computed anew from "
      "the files: what `stats` shows of each, and quartiles.");
  verify_command.add_flag("--json", verify->json,
                          "Print a message of the API as JSON.");
}

}  // namespace commonwage::client::cli
