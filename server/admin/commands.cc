// SPDX-License-Identifier: Apache-2.0
#include "server/admin/commands.h"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "command/json_output.h"
#include "command/progress.h"
#include "command/report.h"
#include "command/times.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "crypto/spoken_digest.h"
#include "server/admin/admin_host.h"
#include "server/admin/inbox_export.h"
#include "server/admin/round_life.h"
#include "server/admin/step_text.h"
#include "server/command/key_place.h"
#include "server/command/operator_key_file.h"
#include "storage/data_directory.h"
#include "storage/kek_file.h"
#include "survey/timestamp.h"

namespace commonwage::server::admin {
namespace {

struct AdminOptions {
  std::string data;
  std::string kek;
  std::string file;        // What to import.
  std::string survey_key;  // A fingerprint.
  std::string round;
  std::string out;
  bool early = false;
  bool force = false;
  bool undo = false;
  bool json = false;
  bool progress = false;
};

// A host, opened for one command, with what it needs.
struct Session {
  crypto::SodiumRandom random;
  SystemClock clock;
  std::unique_ptr<AdminHost> host;
};

absl::StatusOr<std::unique_ptr<Session>> OpenSession(
    const AdminOptions& options, Access access) {
  auto session = std::make_unique<Session>();
  COMMONWAGE_ASSIGN_OR_RETURN(
      AdminHost host,
      AdminHost::Open(options.data, options.kek, access, session->random));
  session->host = std::make_unique<AdminHost>(std::move(host));
  return session;
}

void PrintStep(const AdminOptions& options, const StepResult& result,
               absl::string_view done, absl::string_view repeated) {
  TellStep(result, done, repeated, options.json);
}

absl::Status ShowReceiptKey(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kLook));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey signing_key,
                              session->host->ReceiptKey());
  const crypto::VerifyKey key = signing_key.verify_key();
  if (!options.out.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(WriteOutput(
        {options.out, "operator's key file"}, WriteOperatorKeyFile(key),
        Readers::kEverybody, IfThereWith(options.force)));
  }
  if (options.json) {
    v1::ReceiptKeyReport report;
    report.set_receipt_key(crypto::Fingerprint(key));
    report.set_receipt_key_words(crypto::FingerprintWords(key));
    std::cout << command::JsonText(report);
    return absl::OkStatus();
  }
  std::cout << "Receipt key: " << crypto::Fingerprint(key) << "\n"
            << "In words:    " << crypto::FingerprintWords(key) << "\n"
            << "Tell it to the steward, whose round create --operator-key "
               "takes the file that --out\nwrites: each manifest names this "
               "key, and clients take receipts of no other.\n";
  return absl::OkStatus();
}

absl::Status Init(const AdminOptions& options) {
  crypto::SodiumRandom random;
  COMMONWAGE_RETURN_IF_ERROR(
      AdminHost::Create(options.data, options.kek, random));
  std::cout << "The data directory is made. Back it up, but never together "
               "with the key file,\nand never with its shred.key.\n"
            << WhatErasureRestsOn(storage::CheckKekReplaceable(options.kek));
  return absl::OkStatus();
}

absl::Status RoundImport(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string file,
                              ReadFile({options.file, "manifest file"},
                                       artefacts::kMaxSignedManifestBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kChange));
  const absl::StatusOr<StepResult> result =
      ImportRound(*session->host, file, options.survey_key);
  if (ReasonOf(result.status()) == Reason::kFingerprintMalformed) {
    return command::WrongUse(result.status().message());
  }
  COMMONWAGE_RETURN_IF_ERROR(result.status());
  PrintStep(options, *result, "is imported; it opens at its time.",
            "was imported before; nothing has changed.");
  return absl::OkStatus();
}

absl::Status RoundClose(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kChange));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const StepResult result,
      CloseRound(*session->host, options.round, options.early, session->clock));
  PrintStep(options, result, "is closed; export its inbox next.",
            "was closed before; nothing has changed.");
  return absl::OkStatus();
}

absl::Status RoundSetAside(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kChange));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const StepResult result,
      SetRoundAside(*session->host, options.round, options.undo));
  PrintStep(options, result,
            options.undo ? "is no longer set aside."
                         : "is set aside: it takes nothing, and nothing of it "
                           "is deleted. round set-aside --undo takes that "
                           "back.",
            options.undo ? "was not set aside; nothing has changed."
                         : "was set aside before; nothing has changed.");
  return absl::OkStatus();
}

// Such as "ROUND_STATE_OPEN" to "open".
// To people, a round whose submissions are erased is the published one.
std::string StateWord(v1::RoundState state) {
  if (state == v1::ROUND_STATE_ERASED) {
    return "published";
  }
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::RoundState_Name(state), "ROUND_STATE_"));
}

absl::Status ShowRounds(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kLook));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<v1::RoundStatusReport> reports,
      RoundStatus(*session->host, options.round, session->clock));
  if (!options.json) {
    for (const v1::RoundStatusReport& report : reports) {
      std::cout << report.round_id() << ": " << StateWord(report.state())
                << ", opens "
                << command::TimeText(FromTimestamp(report.opens_at()))
                << ", closes "
                << command::TimeText(FromTimestamp(report.closes_at())) << "\n"
                << (report.set_aside() ? "  Set aside.\n" : "")
                << (report.damage().empty()
                        ? ""
                        : absl::StrCat("  DAMAGED: ", report.damage(), "\n"))
                << "  " << report.next_step() << "\n";
    }
    return absl::OkStatus();
  }
  std::vector<std::string> texts;
  for (const v1::RoundStatusReport& report : reports) {
    texts.emplace_back(
        absl::StripTrailingAsciiWhitespace(command::JsonText(report)));
  }
  // One round is a message; several are a list of them.
  std::cout << (options.round.empty()
                    ? absl::StrCat("[", absl::StrJoin(texts, ",\n"), "]\n")
                    : absl::StrCat(texts.front(), "\n"));
  return absl::OkStatus();
}

void PrintExport(const AdminOptions& options, const ExportedInbox& exported) {
  const std::string words =
      crypto::SpokenDigest(*crypto::Digest::From(exported.digest));
  if (options.json) {
    v1::InboxExportReport report;
    report.set_round_id(exported.round_id);
    report.set_submissions(exported.submissions);
    report.set_inbox_words(words);
    std::cout << command::JsonText(report);
    return;
  }
  std::cout << "Round " << exported.round_id
            << " is exported; hand the file to the steward.\n"
            << "For you and the steward alone: " << exported.submissions
            << " submissions.\n"
            << "In words: " << words << "\n"
            << "Tell the steward both in person or by telephone: publish shows "
               "them again, and asks.\n";
}

absl::Status InboxExport(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kChange));
  COMMONWAGE_ASSIGN_OR_RETURN(
      OutputFile out,
      OutputFile::Create({options.out, "sealed inbox file"}, Readers::kOwner,
                         IfThereWith(options.force)));
  absl::StatusOr<ExportedInbox> exported;
  {
    command::Progress progress("Exporting submissions",
                               command::ProgressStyleOf(options.progress),
                               std::cerr);
    exported = ExportInbox(
        *session->host, options.round,
        [&out](absl::string_view bytes) { return out.Append(bytes); },
        progress.Callback());
  }
  COMMONWAGE_RETURN_IF_ERROR(exported.status());
  COMMONWAGE_RETURN_IF_ERROR(out.Commit());
  PrintExport(options, *exported);
  return absl::OkStatus();
}

absl::Status ReleaseImport(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string file,
                              ReadFile({options.file, "release file"},
                                       artefacts::kMaxSignedReleaseBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kChange));
  COMMONWAGE_ASSIGN_OR_RETURN(const StepResult result,
                              ImportRelease(*session->host, file));
  const absl::string_view published =
      "is published, and its submissions are erased: their key is overwritten "
      "in shred.key";
  PrintStep(options, result, WithKeyFile(published, result),
            "was published before; nothing has changed.");
  if (result.beat_cancellation) {
    std::cerr << "This round had been called off. A release beats that: its "
                 "loss counts, and the\ncancellation does not. Ask the steward "
                 "how there can be both.\n";
  }
  return absl::OkStatus();
}

absl::Status Rotate(const AdminOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto session,
                              OpenSession(options, Access::kChange));
  COMMONWAGE_RETURN_IF_ERROR(session->host->ReplaceKey());
  std::cout << "The key file holds a new key. Destroy copies of the old one.\n";
  return absl::OkStatus();
}

using Act = absl::Status (*)(const AdminOptions&);

// Adds a command with the options that all have.
std::pair<CLI::App*, std::shared_ptr<AdminOptions>> AddCommand(
    command::CommandLine& line, CLI::App& parent, const std::string& name,
    const std::string& description, Act act) {
  auto options = std::make_shared<AdminOptions>();
  CLI::App* command = parent.add_subcommand(name, description);
  command->add_option("--data", options->data, "The data directory")
      ->required();
  command
      ->add_option("--kek", options->kek,
                   "The key-encryption key's file, outside the data directory")
      ->required();
  line.OnCommand(command, [options, act] { return act(*options); });
  return {command, options};
}

void AddJsonFlag(CLI::App* command, AdminOptions& options) {
  command->add_flag("--json", options.json, "Print a report as JSON");
}

CLI::App& AddGroup(command::CommandLine& line, const std::string& name,
                   const std::string& description) {
  CLI::App* group = line.app().add_subcommand(name, description);
  group->require_subcommand(1);
  return *group;
}

void AddRoundCommands(command::CommandLine& line) {
  CLI::App& round = AddGroup(line, "round", "Import, close and list rounds");
  const auto [import_command, import_options] =
      AddCommand(line, round, "import", "Take in a manifest file", RoundImport);
  import_command->add_option("file", import_options->file, "The manifest file")
      ->required();
  import_command->add_option(
      "--survey-key", import_options->survey_key,
      "The survey key's fingerprint or words, as the steward told them");

  const auto [close_command, close_options] = AddCommand(
      line, round, "close", "Close a round for submissions", RoundClose);
  close_command->add_option("--round", close_options->round, "SURVEY.ROUND")
      ->required();
  close_command->add_flag("--early", close_options->early,
                          "Before its closing time; the release will say so");

  const auto [aside_command, aside_options] =
      AddCommand(line, round, "set-aside",
                 "Let a round take nothing, delete nothing of it, until --undo",
                 RoundSetAside);
  aside_command->add_option("--round", aside_options->round, "SURVEY.ROUND")
      ->required();
  aside_command->add_flag("--undo", aside_options->undo, "Take that back");

  const auto [status_command, status_options] =
      AddCommand(line, round, "status",
                 "Show where rounds are and what comes next", ShowRounds);
  status_command->add_option("--round", status_options->round,
                             "SURVEY.ROUND; else all rounds");
  for (const auto& [command, options] :
       {std::pair{import_command, import_options},
        std::pair{close_command, close_options},
        std::pair{aside_command, aside_options},
        std::pair{status_command, status_options}}) {
    AddJsonFlag(command, *options);
  }
}

void AddFileCommands(command::CommandLine& line) {
  CLI::App& inbox = AddGroup(line, "inbox", "Hand submissions to the steward");
  const auto [export_command, export_options] =
      AddCommand(line, inbox, "export",
                 "Write the sealed inbox of a closed round", InboxExport);
  export_command->add_option("--round", export_options->round, "SURVEY.ROUND")
      ->required();
  export_command
      ->add_option("--out", export_options->out, "The sealed inbox to write")
      ->required();
  export_command->add_flag("--force", export_options->force, kForceHelp);
  export_command->add_flag("--progress", export_options->progress,
                           "Show progress where there is no terminal, too");

  CLI::App& release = AddGroup(line, "release", "Publish what comes back");
  const auto [import_command, import_options] =
      AddCommand(line, release, "import",
                 "Take in a release file, and erase the round's submissions",
                 ReleaseImport);
  import_command->add_option("file", import_options->file, "The release file")
      ->required();
  AddJsonFlag(export_command, *export_options);
  AddJsonFlag(import_command, *import_options);
}

}  // namespace

void AddAdminCommands(command::CommandLine& line) {
  AddCommand(line, line.app(), "init",
             "Make the data directory, and the key file if there is none",
             Init);
  const auto [key_command, key_options] = AddCommand(
      line, line.app(), "receipt-key",
      "Show the key that signs receipts and inboxes, and write it for the "
      "steward",
      ShowReceiptKey);
  key_command->add_option("--out", key_options->out,
                          "The file to write, for round create --operator-key");
  key_command->add_flag("--force", key_options->force, kForceHelp);
  AddJsonFlag(key_command, *key_options);
  AddRoundCommands(line);
  AddFileCommands(line);
  AddCancellationCommand(line);
  AddCommand(line, line.app(), "rotate",
             "Put a new key in the key file and wrap all keys under it",
             Rotate);
}

}  // namespace commonwage::server::admin
