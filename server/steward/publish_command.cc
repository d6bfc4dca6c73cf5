// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/progress.h"
#include "command/prompt.h"
#include "command/report.h"
#include "command/times.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/sodium_random.h"
#include "crypto/spoken_digest.h"
#include "privacy/budget_text.h"
#include "privacy/upward_text.h"
#include "server/steward/commands.h"
#include "server/steward/publication.h"
#include "server/steward/vault_options.h"
#include "storage/vault/vault.h"

namespace commonwage::server::steward {
namespace {

struct PublishOptions {
  VaultOptions vault;
  std::string inbox;
  std::string out;
  std::string expect;
  bool yes = false;
  bool force = false;
  bool json = false;
  bool progress = false;
};

OpenInbox InboxAt(const std::string& path) {
  return [path]() -> absl::StatusOr<InboxSource> {
    COMMONWAGE_ASSIGN_OR_RETURN(InputFile file,
                                InputFile::Open({path, "sealed inbox file"}));
    auto shared = std::make_shared<InputFile>(std::move(file));
    return InboxSource(
        [shared](absl::Span<char> out) { return shared->Read(out); });
  };
}

// Such as "11 days and 4 hours"; less than an hour in minutes.
std::string DurationText(absl::Duration duration) {
  const int64_t minutes = absl::ToInt64Minutes(duration);
  const int64_t hours = minutes / 60;
  const auto count = [](int64_t number, absl::string_view unit) {
    return absl::StrCat(number, " ", unit, number == 1 ? "" : "s");
  };
  if (hours == 0) {
    return minutes == 0 ? "less than a minute" : count(minutes, "minute");
  }
  if (hours < 24) {
    return count(hours, "hour");
  }
  return hours % 24 == 0 ? count(hours / 24, "day")
                         : absl::StrCat(count(hours / 24, "day"), " and ",
                                        count(hours % 24, "hour"));
}

command::Decision DecisionOf(const EarlyClose& early) {
  command::Decision decision;
  const std::string when =
      early.closed_at.has_value()
          ? absl::StrCat(command::TimeText(*early.closed_at), ", ",
                         DurationText(early.closes_at - *early.closed_at),
                         " before its time")
          : "before its time, when exactly is not on record";
  decision.facts = absl::StrCat(
      "Round ", early.round_id, " was closed early: ", when, " (",
      command::TimeText(early.closes_at),
      ").\nThe release will say that it was. If it was closed because of who "
      "had answered or how many,\nthe privacy that was promised does not hold: "
      "do not publish it.");
  decision.question = "Publish it?";
  return decision;
}

std::string TextOf(const InboxFacts& inbox) {
  return absl::StrCat(
      "Sealed inbox of round ", inbox.round_id, ", signed by its operator. ",
      "For you alone: ", inbox.submissions,
      " submissions.\nIn words: ", crypto::SpokenDigest(inbox.digest));
}

// Whether this is the inbox that the operator exported.
absl::Status ConfirmInbox(const InboxFacts& inbox, const std::string& expect) {
  if (expect.empty()) {
    return command::Confirm(
        {.facts = absl::StrCat(
             TextOf(inbox),
             "\nAsk the operator in person or by telephone which number and "
             "words inbox export showed.\nPublishing destroys the round's key "
             "and spends its privacy, once."),
         .question = "Are they the same, and is the round to be published?",
         .otherwise = "with --expect and the words that inbox export showed"},
        /*said_yes=*/false);
  }
  std::cerr << TextOf(inbox) << '\n' << std::flush;
  const absl::StatusOr<bool> same =
      crypto::IsSpokenDigest(inbox.digest, expect);
  if (!same.ok()) {
    return command::WrongUse(
        "--expect takes the twelve words that inbox export showed. Nothing was "
        "done.");
  }
  return *same ? absl::OkStatus()
               : Refusal(Reason::kInboxNotExpected,
                         "This is another sealed inbox than the one whose "
                         "words were given. Nothing was done. Ask the operator "
                         "for the words and the file again, and find out where "
                         "this one came from.");
}

void PrintReport(const v1::PublishReport& report, bool json) {
  if (json) {
    std::cout << command::JsonText(report);
    return;
  }
  if (report.repeated_release()) {
    std::cout << "Round " << report.round_id()
              << " was published before: this is the same release again.\n";
  } else {
    std::cout << absl::StreamFormat(
        "Round %s is published. For you alone: %d submissions counted, %d "
        "dropped.\n",
        report.round_id(), report.counted(), report.dropped());
  }
  std::cout << absl::StreamFormat(
      "Privacy spent: %s of the survey's budget by this round, %s so far (%d "
      "and %d\nof %d micro-rho).\n",
      privacy::PartInWords(report.micro_rho(), report.cap_micro_rho()),
      privacy::PartInWords(report.spent_micro_rho(), report.cap_micro_rho()),
      report.micro_rho(), report.spent_micro_rho(), report.cap_micro_rho());
  if (report.delta() > 0) {
    std::cout << absl::StreamFormat(
        "Probability that the rule for small cells failed, at most (delta):\n"
        "  %s in this round, %s in this survey\n",
        privacy::SmallRoundedUp(report.delta()),
        privacy::SmallRoundedUp(report.spent_delta()));
  }
  std::cout << "Inbox in words: " << report.inbox_words() << "\n"
            << "Survey key: " << report.survey_key() << "\n";
}

// What goes wrong while the release of a published round is written.
absl::Status NotWritten(const absl::Status& status) {
  return Reworded(status,
                  absl::StrCat(status.message(),
                               " The round is published; run publish again to "
                               "write the file."));
}

// Nobody was asked about a round that was published before: its inbox must be
// the expected one all the same.
absl::Status CheckExpected(const Publication& published,
                           const std::string& expect) {
  const auto digest =
      crypto::Digest::From(published.file.counted_inbox().digest());
  if (expect.empty() || !published.report.repeated_release() ||
      !digest.has_value()) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const bool is_expected,
                              crypto::IsSpokenDigest(*digest, expect));
  return is_expected
             ? absl::OkStatus()
             : Refusal(Reason::kInboxNotExpected,
                       "This round was published before, of another sealed "
                       "inbox than the one that --expect names. Nothing was "
                       "written. Without --expect the same release is written "
                       "again.");
}

absl::Status Publish(const PublishOptions& options) {
  std::error_code ignored;
  if (std::filesystem::equivalent(options.inbox, options.out, ignored)) {
    return command::WrongUse(
        "--out names the same file as --inbox; choose another name for the "
        "release file.");
  }
  // A path that cannot be written is noticed before the round is published.
  COMMONWAGE_ASSIGN_OR_RETURN(
      OutputFile out,
      OutputFile::Create({options.out, "release file"}, Readers::kEverybody,
                         IfThereWith(options.force)));
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              OpenVault(options.vault, random));
  SystemClock clock;
  absl::StatusOr<Publication> published;
  {
    command::Progress progress("Opening submissions",
                               command::ProgressStyleOf(options.progress),
                               std::cerr);
    PublicationOptions how;
    how.progress = progress.Callback();
    how.confirm_inbox = [&options](const InboxFacts& inbox) {
      return ConfirmInbox(inbox, options.expect);
    };
    how.confirm_early_close = [&options](const EarlyClose& early) {
      return command::Confirm(DecisionOf(early), options.yes);
    };
    published = PublishRound(vault, InboxAt(options.inbox), clock, random, how);
  }
  COMMONWAGE_RETURN_IF_ERROR(published.status());
  COMMONWAGE_RETURN_IF_ERROR(CheckExpected(*published, options.expect));
  absl::Status written = out.Append(published->file.SerializeAsString());
  written.Update(written.ok() ? out.Commit() : absl::OkStatus());
  COMMONWAGE_RETURN_IF_ERROR(written.ok() ? written : NotWritten(written));
  PrintReport(published->report, options.json);
  return absl::OkStatus();
}

}  // namespace

void AddPublishCommand(command::CommandLine& line) {
  auto options = std::make_shared<PublishOptions>();
  CLI::App* command = line.app().add_subcommand(
      "publish",
      "Open a closed round's submissions, release its tables once, and destroy "
      "its key");
  AddVaultOptions(command, options->vault);
  command->add_option("--inbox", options->inbox, "The sealed inbox file")
      ->required();
  command->add_option("--out", options->out, "The release file to write")
      ->required();
  command->add_flag("--force", options->force, kForceHelp);
  command->add_option("--expect", options->expect,
                      "The twelve words that the operator's inbox export "
                      "showed, to publish that inbox without asking");
  command->add_flag("--yes", options->yes,
                    "Publish a round that was closed early without asking; "
                    "when that was is said all the same");
  command->add_flag("--json", options->json,
                    "Print the report, which is for the steward alone, as "
                    "JSON");
  command->add_flag("--progress", options->progress,
                    "Show progress where there is no terminal, too");
  line.OnCommand(command, [options] { return Publish(*options); });
}

}  // namespace commonwage::server::steward
