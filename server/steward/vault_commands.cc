// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/prompt.h"
#include "command/report.h"
#include "command/times.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "privacy/plan_loss.h"
#include "privacy/upward_text.h"
#include "server/command/operator_key_file.h"
#include "server/command/stored_files.h"
#include "server/steward/commands.h"
#include "server/steward/other_surveys.h"
#include "server/steward/plan_check.h"
#include "server/steward/round_creation.h"
#include "server/steward/survey_delta.h"
#include "server/steward/vault_options.h"
#include "storage/vault/vault.h"
#include "survey/issuer_key_file.h"
#include "survey/text/identifier.h"
#include "survey/timestamp.h"

namespace commonwage::server::steward {
namespace {

struct SurveyOptions {
  VaultOptions vault;
  std::string survey;
  bool json = false;
};

struct RoundCreateOptions {
  VaultOptions vault;
  std::string plan;
  std::string opens_at;
  std::string closes_at;
  std::string admission = "open";
  std::string issuer_key;
  std::string operator_key;
  std::string statistics = "public";
  std::string out;
  bool force = false;
  bool yes = false;
  bool json = false;
};

struct RoundExportOptions {
  VaultOptions vault;
  std::string round;
  std::string out;
  bool force = false;
};

void PrintKey(const crypto::VerifyKey& key) {
  std::cout << "Survey key: " << crypto::Fingerprint(key)
            << "\nIn words:   " << crypto::FingerprintWords(key) << "\n";
}

absl::Status CheckSurveyName(const std::string& survey) {
  return IsIdentifier(survey)
             ? absl::OkStatus()
             : command::WrongUse(
                   "--survey takes a name of 1 to 64 letters, digits and the "
                   "characters _ + . -");
}

absl::Status Init(const SurveyOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(options.survey.empty()
                                 ? absl::OkStatus()
                                 : CheckSurveyName(options.survey));
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              CreateVault(options.vault, random));
  std::cout
      << "The vault is made. Copy it, without its shred.key, after every "
         "round create and publish,\nand keep its passphrase in another "
         "place. Such a copy has the survey's key, the account and the\n"
         "releases; it opens no round, and so no published one. Never put "
         "back an older copy than the\nlast: it has forgotten what it "
         "signed, and everybody refuses what it signs twice.\n";
  if (options.survey.empty()) {
    std::cout << "Each survey's key is made with its first round.\n";
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey key,
                              vault.SigningKeyOf(options.survey, random));
  PrintKey(key.verify_key());
  return absl::OkStatus();
}

absl::StatusOr<RoundTerms> TermsOf(const RoundCreateOptions& options) {
  RoundTerms terms;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string json,
      ReadFile({options.plan, "plan file"}, kMaxPlanBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(terms.plan, ReadCheckedPlan(json));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const auto opens_at,
      command::ParseTimeOption("opens-at", options.opens_at));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const auto closes_at,
      command::ParseTimeOption("closes-at", options.closes_at));
  terms.plan.opens_at = opens_at.value_or(terms.plan.opens_at);
  terms.plan.closes_at = closes_at.value_or(terms.plan.closes_at);
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string operator_key,
      ReadFile({options.operator_key, "operator's key file"},
               kMaxOperatorKeyFileBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(terms.operator_key,
                              ReadOperatorKeyFile(operator_key));
  terms.audience =
      options.statistics == "keyed" ? Audience::kKeyed : Audience::kPublic;
  if (options.admission == "open") {
    return terms;
  }
  terms.admission = Admission::kCredential;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string key_file,
      ReadFile({options.issuer_key, "issuer's key file"},
               kMaxIssuerKeyFileSize));
  COMMONWAGE_ASSIGN_OR_RETURN(terms.issuer_public_key,
                              IssuerKeyFor(key_file, RoundIdOf(terms.plan)));
  return terms;
}

absl::Status ConfirmNewSurvey(storage::Vault& vault, const Plan& plan,
                              bool said_yes) {
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::PlanLoss loss,
                              privacy::LossOf(plan));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<command::Decision> decision,
                              NewSurveyDecision(vault, plan, loss.micro_rho));
  return decision.has_value() ? command::Confirm(*decision, said_yes)
                              : absl::OkStatus();
}

absl::Status RoundCreate(const RoundCreateOptions& options) {
  if ((options.admission == "credential") != !options.issuer_key.empty()) {
    return command::WrongUse(
        "--issuer-key goes with --admission credential, and the other way "
        "round.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const RoundTerms terms, TermsOf(options));
  // A path that cannot be written is noticed before the round is made.
  COMMONWAGE_ASSIGN_OR_RETURN(
      OutputFile out,
      OutputFile::Create({options.out, "manifest file"}, Readers::kEverybody,
                         IfThereWith(options.force)));
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              OpenVault(options.vault, random));
  COMMONWAGE_RETURN_IF_ERROR(ConfirmNewSurvey(vault, terms.plan, options.yes));
  SystemClock clock;
  COMMONWAGE_ASSIGN_OR_RETURN(const CreatedRound created,
                              CreateRound(vault, terms, clock, random));
  absl::Status written = out.Append(created.file.SerializeAsString());
  written.Update(written.ok() ? out.Commit() : absl::OkStatus());
  if (!written.ok()) {
    return Reworded(
        written, absl::StrCat(written.message(),
                              " The round is made; run round export to write "
                              "the file."));
  }
  if (options.json) {
    v1::RoundCreationReport report;
    report.set_round_id(created.round_id);
    *report.mutable_opens_at() = ToTimestamp(terms.plan.opens_at);
    *report.mutable_closes_at() = ToTimestamp(terms.plan.closes_at);
    report.set_survey_key(crypto::Fingerprint(created.survey_key));
    report.set_survey_key_words(crypto::FingerprintWords(created.survey_key));
    report.set_operator_key(crypto::Fingerprint(terms.operator_key));
    std::cout << command::JsonText(report);
    return absl::OkStatus();
  }
  std::cout << "Round " << created.round_id << " is made: it opens "
            << command::TimeText(terms.plan.opens_at) << " and closes "
            << command::TimeText(terms.plan.closes_at) << ".\n";
  if (terms.admission == Admission::kOpen) {
    std::cout
        << "Admission is open: anybody can answer, any number of times. k, "
           "odds and loss are\nper answer, not per person.\n";
  }
  PrintKey(created.survey_key);
  std::cout << "Operator's key: " << crypto::Fingerprint(terms.operator_key)
            << "\n    in words:   "
            << crypto::FingerprintWords(terms.operator_key)
            << "\nAsk the operator whether receipt-key shows the same: only "
               "inboxes that this key signed\ncan be published.\n";
  std::cout << "Give the manifest file to the operator, and the key's "
               "fingerprint to everybody.\n";
  return absl::OkStatus();
}

absl::Status RoundExport(const RoundExportOptions& options) {
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              OpenVault(options.vault, random));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto round, vault.FindRound(options.round));
  if (!round.has_value()) {
    return Refusal(Reason::kUnknownRound,
                   "This vault has made no such round; check the name, which "
                   "is SURVEY.ROUND, and the vault.");
  }
  COMMONWAGE_RETURN_IF_ERROR(
      WriteOutput({options.out, "manifest file"},
                  ManifestFileOf(round->manifest).SerializeAsString(),
                  Readers::kEverybody, IfThereWith(options.force)));
  std::cout << "The manifest is written again.\n";
  if (round->cancelled) {
    std::cerr
        << "This round was called off: the manifest is for verify. Do not "
           "import it.\n";
  }
  return absl::OkStatus();
}

absl::StatusOr<storage::LedgerBalance> GetBalance(storage::Vault& vault,
                                                  const std::string& survey) {
  COMMONWAGE_RETURN_IF_ERROR(CheckSurveyName(survey));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto balance, vault.BalanceOf(survey));
  if (!balance.has_value()) {
    return Refusal(Reason::kSurveyUnknown,
                   "This vault has made no round of such a survey; check the "
                   "name and the vault.");
  }
  return *balance;
}

absl::Status ShowStatus(const SurveyOptions& options) {
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              OpenVault(options.vault, random));
  COMMONWAGE_ASSIGN_OR_RETURN(const storage::LedgerBalance balance,
                              GetBalance(vault, options.survey));
  COMMONWAGE_ASSIGN_OR_RETURN(const SurveyDelta delta,
                              DeltaOf(vault, options.survey));
  if (options.json) {
    v1::SurveyStatusReport report;
    report.set_survey(options.survey);
    report.set_cap_micro_rho(balance.cap);
    report.set_spent_micro_rho(balance.spent);
    report.set_reserved_micro_rho(balance.reserved);
    report.set_left_micro_rho(balance.left());
    report.set_spent_delta(delta.spent);
    report.set_reserved_delta(delta.reserved);
    report.set_total_delta(delta.total);
    std::cout << command::JsonText(report);
    return absl::OkStatus();
  }
  std::cout << absl::StreamFormat(
      "Privacy cap: %d micro-rho over all rounds\n"
      "Spent:       %d by published rounds\n"
      "Reserved:    %d by rounds to be published\n"
      "Left:        %d\n"
      "Probability that the rule for small cells fails, at most (delta):\n"
      "  %s in published rounds, %s in rounds to be published, %s in all\n",
      balance.cap, balance.spent, balance.reserved, balance.left(),
      privacy::SmallRoundedUp(delta.spent),
      privacy::SmallRoundedUp(delta.reserved),
      privacy::SmallRoundedUp(delta.total));
  return absl::OkStatus();
}

absl::Status ShowKey(const SurveyOptions& options) {
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              OpenVault(options.vault, random));
  // Asking for a key makes one: not for a survey that does not exist.
  COMMONWAGE_RETURN_IF_ERROR(GetBalance(vault, options.survey).status());
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey key,
                              vault.SigningKeyOf(options.survey, random));
  if (options.json) {
    v1::SurveyKeyReport report;
    report.set_survey(options.survey);
    report.set_survey_key(crypto::Fingerprint(key.verify_key()));
    report.set_survey_key_words(crypto::FingerprintWords(key.verify_key()));
    std::cout << command::JsonText(report);
    return absl::OkStatus();
  }
  PrintKey(key.verify_key());
  return absl::OkStatus();
}

void AddSurveyCommand(command::CommandLine& line, CLI::App* command,
                      absl::Status (*act)(const SurveyOptions&),
                      bool survey_required) {
  auto options = std::make_shared<SurveyOptions>();
  AddVaultOptions(command, options->vault);
  command->add_option("--survey", options->survey, "The survey's name")
      ->required(survey_required);
  if (survey_required) {
    command->add_flag("--json", options->json, "Print a report as JSON");
  }
  line.OnCommand(command, [options, act] { return act(*options); });
}

void AddRoundCreate(command::CommandLine& line, CLI::App* round) {
  auto options = std::make_shared<RoundCreateOptions>();
  CLI::App* command = round->add_subcommand(
      "create", "Turn a plan into a signed manifest, and keep the round's key");
  AddVaultOptions(command, options->vault);
  command->add_option("--plan", options->plan, "The plan file")->required();
  command->add_option("--opens-at", options->opens_at,
                      "In place of the plan's, such as 2026-01-01T00:00:00Z");
  command->add_option("--closes-at", options->closes_at,
                      "In place of the plan's");
  command
      ->add_option("--admission", options->admission,
                   "open (anybody, unverified; the default) or credential")
      ->check(CLI::IsMember({"open", "credential"}));
  command->add_option("--issuer-key", options->issuer_key,
                      "The union office's key file for this round");
  command
      ->add_option("--operator-key", options->operator_key,
                   "The operator's key file, from commonwage-admin receipt-key")
      ->required();
  command
      ->add_option("--statistics", options->statistics,
                   "public (the default) or keyed")
      ->check(CLI::IsMember({"public", "keyed"}));
  command->add_option("--out", options->out, "The manifest file to write")
      ->required();
  command->add_flag("--force", options->force, kForceHelp);
  command->add_flag("--yes", options->yes,
                    "Begin a new survey beside the vault's others without "
                    "asking; what they cost together is said all the same");
  command->add_flag("--json", options->json, "Print a report as JSON");
  line.OnCommand(command, [options] { return RoundCreate(*options); });
}

void AddRoundExport(command::CommandLine& line, CLI::App* round) {
  auto options = std::make_shared<RoundExportOptions>();
  CLI::App* command =
      round->add_subcommand("export", "Write a round's manifest file again");
  AddVaultOptions(command, options->vault);
  command->add_option("--round", options->round, "The round, SURVEY.ROUND")
      ->required();
  command->add_option("--out", options->out, "The manifest file to write")
      ->required();
  command->add_flag("--force", options->force, kForceHelp);
  line.OnCommand(command, [options] { return RoundExport(*options); });
}

}  // namespace

void AddVaultCommands(command::CommandLine& line) {
  AddSurveyCommand(line, line.app().add_subcommand("init", "Make a vault"),
                   Init,
                   /*survey_required=*/false);
  CLI::App* round =
      line.app().add_subcommand("round", "Make rounds, and call them off");
  round->require_subcommand(1);
  AddRoundCreate(line, round);
  AddRoundExport(line, round);
  AddRoundCancel(line, round);
  AddPublishCommand(line);
  AddSurveyCommand(line,
                   line.app().add_subcommand(
                       "status", "Show what privacy a survey has spent"),
                   ShowStatus, /*survey_required=*/true);
  CLI::App* key = line.app().add_subcommand("key", "Look at survey keys");
  key->require_subcommand(1);
  AddSurveyCommand(
      line,
      key->add_subcommand("show", "Show the fingerprint of a survey's key"),
      ShowKey, /*survey_required=*/true);
}

}  // namespace commonwage::server::steward
