// SPDX-License-Identifier: Apache-2.0
// `commonwage verify`.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "artefacts/release_files.h"
#include "artefacts/signers.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/text/figures_text.h"
#include "client/cli/text/page.h"
#include "client/verify/verified_figures.h"
#include "client/verify/verify.h"
#include "client/verify/verify_rounds.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "privacy/best_guess.h"
#include "privacy/plan_loss.h"
#include "privacy/upward_text.h"
#include "survey/domain_labels.h"
#include "survey/timestamp.h"

namespace commonwage::client::cli {
namespace {

struct VerifyOptions {
  std::vector<std::string> paths;
  std::string survey_key;
  bool figures = false;
  bool json = false;
};

// Returns the fingerprint of the key that `typed` means, in its usual form.
std::string SurveyKeyOf(const v1::SignedManifest& manifest,
                        const std::string& typed) {
  const auto signer = artefacts::FindSigner(
      artefacts::VerifySigners(manifest.signatures(), kManifestSignatureLabel,
                               manifest.manifest()),
      typed);
  return signer.ok() && signer->has_value() ? crypto::Fingerprint(**signer)
                                            : "";
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

// Checks the cancellation, if there is one.
absl::Status CheckCancellation(const artefacts::RoundFiles& files,
                               const VerifyOptions& options,
                               std::vector<std::string>& checks,
                               v1::VerifyReport& report) {
  if (!files.cancellation.has_value()) {
    return absl::OkStatus();
  }
  COMMONWAGE_RETURN_IF_ERROR(VerifyCancellation(
      *files.cancellation, files.manifest, options.survey_key, checks));
  report.set_cancelled(true);
  return absl::OkStatus();
}

// Checks what a round's files hold and fills in all but the outcome.
absl::Status CheckRoundFiles(const artefacts::RoundFiles& files,
                             const VerifyOptions& options,
                             std::vector<std::string>& checks,
                             v1::VerifyReport& report) {
  report.set_manifest_alone(!files.release.has_value() &&
                            !files.cancellation.has_value());
  if (!files.release.has_value()) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const Manifest manifest,
        VerifyManifest(files.manifest, options.survey_key, checks));
    report.set_round_id(RoundIdOf(manifest.plan));
    COMMONWAGE_RETURN_IF_ERROR(
        CheckCancellation(files, options, checks, report));
    return SetLoss(manifest.plan, report);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const privacy::estimate::Figures figures,
      VerifyRelease(*files.release, options.survey_key, checks));
  report.set_round_id(figures.release().round_id);
  COMMONWAGE_RETURN_IF_ERROR(SetLoss(figures.manifest().plan, report));
  COMMONWAGE_RETURN_IF_ERROR(CheckCancellation(files, options, checks, report));
  if (options.figures) {
    COMMONWAGE_ASSIGN_OR_RETURN(const auto tables,
                                TablesOf(figures, *files.release));
    report.mutable_figures()->Assign(tables.begin(), tables.end());
  }
  return absl::OkStatus();
}

// Verifies one round by itself.
absl::Status VerifyOne(const artefacts::RoundFiles& files,
                       const VerifyOptions& options, v1::VerifyReport& report) {
  std::vector<std::string> checks;
  absl::Status outcome = CheckRoundFiles(files, options, checks, report);
  report.set_ok(outcome.ok());
  if (outcome.ok()) {
    report.set_survey_key(SurveyKeyOf(files.manifest, options.survey_key));
  } else {
    checks.emplace_back(outcome.message());
  }
  report.mutable_checks()->Assign(checks.begin(), checks.end());
  return outcome;
}

void FillAccount(const SurveyAccount& account,
                 v1::SurveyAccountReport& report) {
  const privacy::SurveyLedger& ledger = account.ledger;
  report.set_survey(ledger.survey);
  report.set_cap_micro_rho(ledger.cap_micro_rho);
  report.set_spent_micro_rho(ledger.spent_micro_rho);
  report.set_left_micro_rho(ledger.left_micro_rho);
  report.set_spent_delta(account.threshold_delta);
  for (const privacy::LedgerEntry& entry : ledger.entries) {
    v1::CountedRoundReport& round = *report.add_rounds();
    round.set_round_id(entry.round_id);
    round.set_manifest_hash(std::string(entry.manifest_hash.view()));
    *round.mutable_opens_at() = ToTimestamp(entry.opens_at);
    *round.mutable_closes_at() = ToTimestamp(entry.closes_at);
    round.set_micro_rho(entry.loss_micro_rho);
    round.set_cap_micro_rho(entry.cap_micro_rho);
    round.set_cancelled(account.cancelled.contains(entry.manifest_hash));
  }
  for (const privacy::LedgerFault& fault : ledger.faults) {
    report.add_faults(std::string(ReasonName(privacy::ReasonFor(fault.kind))));
  }
}

// Adds up all that is signed, whatever else is wrong with it.
absl::Status AddUp(const std::vector<artefacts::RoundFiles>& rounds,
                   const VerifyOptions& options, v1::VerifyReport& report) {
  std::vector<CountedRound> counted;
  for (const artefacts::RoundFiles& files : rounds) {
    absl::StatusOr<CountedRound> round = CountRound(files, options.survey_key);
    if (round.ok()) {
      counted.push_back(*std::move(round));
    }
  }
  const RoundsTogether together = HoldRoundsTogether(counted);
  for (const SurveyAccount& account : together.accounts) {
    FillAccount(account, *report.add_accounts());
  }
  return together.verdict;
}

void TellRound(const v1::VerifyReport& round, const absl::Status& outcome) {
  const int held = round.checks_size() - (round.ok() ? 0 : 1);
  for (int i = 0; i < held; ++i) {
    std::cout << "holds: " << round.checks(i) << '\n';
  }
  if (!round.ok()) {
    std::cout << "FAILS: " << outcome.message() << '\n';
    return;
  }
  std::cout << (round.manifest_alone() ? "The manifest of "
                : round.cancelled()    ? "The cancellation of "
                                       : "The release of ")
            << round.round_id() << " is genuine.\n";
  for (const v1::SummarizeResponse& table : round.figures()) {
    std::cout << '\n';
    TellSummary(table, PageOfOutput());
  }
}

void TellAccount(const v1::SurveyAccountReport& account) {
  std::cout << "\nSurvey " << account.survey()
            << ", over the signed rounds given here: "
            << account.spent_micro_rho() << " of " << account.cap_micro_rho()
            << " micro-rho spent, " << account.left_micro_rho() << " left.\n";
  for (const v1::CountedRoundReport& round : account.rounds()) {
    std::cout << "  " << round.round_id() << ": ";
    if (round.cancelled()) {
      std::cout << "called off, instead of ";
    }
    std::cout << round.micro_rho() << " micro-rho, under a cap of "
              << round.cap_micro_rho() << '\n';
  }
  std::cout << "  The rule for small cells fails in any of them with a "
               "probability of at most "
            << privacy::SmallRoundedUp(account.spent_delta()) << ".\n";
}

absl::StatusOr<std::vector<artefacts::RoundFiles>> ReadAll(
    const VerifyOptions& options) {
  std::vector<artefacts::RoundFiles> rounds;
  for (const std::string& path : options.paths) {
    COMMONWAGE_ASSIGN_OR_RETURN(artefacts::RoundFiles files,
                                artefacts::ReadRoundFiles(path));
    rounds.push_back(std::move(files));
  }
  return rounds;
}

absl::Status RunVerify(const VerifyOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckSurveyKeyOption(options.survey_key));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<artefacts::RoundFiles> rounds,
                              ReadAll(options));
  const bool single = rounds.size() == 1;
  v1::VerifyReport report;
  absl::Status outcome;
  for (const artefacts::RoundFiles& files : rounds) {
    v1::VerifyReport& round = single ? report : *report.add_rounds();
    const absl::Status one = VerifyOne(files, options, round);
    if (!options.json) {
      std::cout << (&files != &rounds.front() ? "\n" : "");
      TellRound(round, one);
    }
    outcome.Update(one);
    if (one.ok()) {
      report.set_survey_key(round.survey_key());
    }
  }
  const absl::Status together = AddUp(rounds, options, report);
  outcome.Update(together);
  report.set_ok(outcome.ok());
  if (!together.ok() || !single) {
    report.add_checks(std::string(
        together.ok() ? "The rounds given here keep to their survey's cap."
                      : together.message()));
  }
  if (options.json) {
    command::PrintJson(report);
    return outcome;
  }
  for (const v1::SurveyAccountReport& account : report.accounts()) {
    TellAccount(account);
  }
  if (!together.ok()) {
    std::cout << "FAILS: " << together.message() << '\n';
  }
  return outcome;
}

}  // namespace

void AddVerifyCommand(command::CommandLine& program) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App& command = program.Add(
      "verify",
      "Check downloaded releases, from their files and the survey key's "
      "fingerprint alone; several rounds also together, against the survey's "
      "privacy cap.",
      [options] { return RunVerify(*options); });
  command
      .add_option("paths", options->paths,
                  "Directories of the files, or signed manifest, release or "
                  "cancellation files; a manifest counts without its release, "
                  "too.")
      ->required();
  command
      .add_option("--survey-key", options->survey_key,
                  "Fingerprint or words of the survey's key.")
      ->required();
  command.add_flag(
      "--figures", options->figures,
      "Show the figures of every table, computed anew from "
      "the files: what `commonwage stats` shows of each, and quartiles.");
  command.add_flag("--json", options->json,
                   "Print a message of the API as JSON.");
}

}  // namespace commonwage::client::cli
