// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/embedded_service.h"

#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "base/check.h"
#include "client/round_trust.h"
#include "commonwage/v1/round.pb.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/crowd.h"
#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

constexpr absl::string_view kListening = "Listening on ";

void WriteFile(const std::string& path, absl::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  COMMONWAGE_CHECK(file.good());
}

void Require(const ProgramResult& result) {
  if (result.exit_code != 0) {
    std::fprintf(stderr, "%s%s", result.out.c_str(), result.err.c_str());
  }
  COMMONWAGE_CHECK(result.exit_code == 0);
}

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

// The address in "Listening on ADDR:PORT.", after any other lines.
std::string AddressFrom(RunningProgram& program) {
  for (std::string line = program.ReadLine(); !line.empty();
       line = program.ReadLine()) {
    absl::string_view rest = line;
    if (absl::ConsumePrefix(&rest, kListening)) {
      absl::ConsumeSuffix(&rest, ".");
      return std::string(rest);
    }
  }
  COMMONWAGE_CHECK(false && "the server ended before it listened");
  return "";
}

}  // namespace

EmbeddedService::EmbeddedService(std::string bin, bool watch_memory)
    : bin_(std::move(bin)), watch_memory_(watch_memory) {
  WriteFile(File("passphrase"), "a passphrase for tests only\n");
  COMMONWAGE_CHECK(chmod(File("passphrase").c_str(), 0600) == 0);
  Require(Steward({"init"}));
  Require(Admin({"init"}));
  Require(Admin({"receipt-key", "--out", File("operator.key")}));
}

EmbeddedService::~EmbeddedService() = default;

void EmbeddedService::CreateRound(const RoundOptions& options) {
  WriteFile(File("plan.json"), options.plan_json);
  const auto plan = ParsePlan(options.plan_json);
  COMMONWAGE_CHECK(plan.ok());
  round_id_ = RoundIdOf(*plan);
  survey_ = plan->survey;
  const absl::Time opens_at = absl::Now() + absl::Seconds(1);
  std::vector<std::string> arguments = {
      "round",
      "create",
      "--plan",
      File("plan.json"),
      "--operator-key",
      File("operator.key"),
      "--opens-at",
      Rfc3339(opens_at),
      "--closes-at",
      Rfc3339(opens_at + absl::Seconds(options.open_for_seconds)),
      "--out",
      File("round.manifest")};
  if (options.with_credentials) {
    arguments.insert(arguments.end(), {"--admission", "credential",
                                       "--issuer-key", MakeIssuingKey()});
  }
  Require(Steward(arguments));
  Require(Admin({"round", "import", File("round.manifest")}));
}

std::string EmbeddedService::MakeIssuingKey() {
  Require(Issuer({"init"}));
  Require(Issuer(
      {"key", "create", "--round", round_id_, "--out", File("issuer.key")}));
  return File("issuer.key");
}

void EmbeddedService::StartServer(const std::vector<std::string>& environment) {
  const std::string listen = server_.empty() ? "127.0.0.1:0" : server_;
  server_program_ = Start({bin_ + "/commonwaged", "--data", File("online"),
                           "--kek", File("kek"), "--listen", listen},
                          "server.log", environment);
  server_ = AddressFrom(*server_program_);
}

int EmbeddedService::StopServer(int signal) {
  server_program_->Signal(signal);
  const int code = server_program_->Wait();
  server_program_.reset();
  return code;
}

void EmbeddedService::WaitUntilOpen() {
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (absl::Now() < patience) {
    const auto round = VisitRound(server_, round_id_);
    if (round.ok() && round->state == v1::ROUND_STATE_OPEN) {
      return;
    }
    absl::SleepFor(absl::Milliseconds(50));
  }
  COMMONWAGE_CHECK(false && "the round did not open");
}

std::vector<std::string> EmbeddedService::MakeMembers(int count) {
  std::string csv = "member\n";
  for (int i = 0; i < count; ++i) {
    absl::StrAppendFormat(&csv, "member-%05d\n", i);
  }
  WriteFile(File("members.csv"), csv);
  Require(Issuer({"members", "import", File("members.csv")}));
  Require(Issuer({"members", "export-codes", "--out", File("codes.csv")}));
  if (issuer_program_ == nullptr) {
    issuer_program_ =
        Start({bin_ + "/commonwage-issuer", "serve", "--data", File("issuer"),
               "--kek", File("issuer-kek"), "--listen", "127.0.0.1:0"},
              "issuer.log");
    issuer_ = AddressFrom(*issuer_program_);
  }
  const std::string list = FileContents(File("codes.csv")).value();
  std::vector<std::string> codes;
  for (absl::string_view line : absl::StrSplit(list, '\n', absl::SkipEmpty())) {
    absl::ConsumeSuffix(&line, "\r");
    if (!absl::StartsWith(line, "member,")) {
      codes.emplace_back(line.substr(line.rfind(',') + 1));
    }
  }
  return codes;
}

std::string EmbeddedService::Invite(const std::string& server) {
  std::vector<std::string> arguments = {"invitation", "--survey", survey_,
                                        "--server", server};
  if (!issuer_.empty()) {
    arguments.insert(arguments.end(), {"--office", issuer_});
  }
  const ProgramResult result = Steward(arguments);
  Require(result);
  return std::string(absl::StripAsciiWhitespace(result.out));
}

std::string EmbeddedService::SurveyKey() {
  const ProgramResult shown = Steward({"key", "show", "--survey", survey_});
  Require(shown);
  absl::string_view line = shown.out;
  COMMONWAGE_CHECK(absl::ConsumePrefix(&line, "Survey key: "));
  return std::string(line.substr(0, line.find('\n')));
}

void EmbeddedService::CloseEarly() {
  Require(Admin({"round", "close", "--round", round_id_, "--early"}));
}

void EmbeddedService::ExportInbox() {
  const ProgramResult exported =
      Admin({"inbox", "export", "--round", round_id_, "--force", "--out",
             File("round.inbox")});
  Require(exported);
  inbox_words_.clear();
  for (absl::string_view line : absl::StrSplit(exported.out, '\n')) {
    if (absl::ConsumePrefix(&line, "In words: ")) {
      inbox_words_ = std::string(line);
    }
  }
  COMMONWAGE_CHECK(!inbox_words_.empty());
}

void EmbeddedService::Publish() {
  Require(Steward({"publish", "--yes", "--force", "--expect", inbox_words_,
                   "--inbox", File("round.inbox"), "--out",
                   File("round.release")}));
}

void EmbeddedService::ImportRelease() {
  Require(Admin({"release", "import", File("round.release")}));
}

ProgramResult EmbeddedService::Admin(
    const std::vector<std::string>& arguments) {
  return Run("commonwage-admin", arguments,
             {"--data", File("online"), "--kek", File("kek")});
}

ProgramResult EmbeddedService::Steward(
    const std::vector<std::string>& arguments) {
  return Run(
      "commonwage-steward", arguments,
      {"--vault", File("vault"), "--passphrase-file", File("passphrase")});
}

ProgramResult EmbeddedService::Issuer(
    const std::vector<std::string>& arguments) {
  return Run("commonwage-issuer", arguments,
             {"--data", File("issuer"), "--kek", File("issuer-kek")});
}

ProgramResult EmbeddedService::Client(
    const std::vector<std::string>& arguments) {
  return Run("commonwage", arguments, {});
}

std::unique_ptr<RunningProgram> EmbeddedService::StartClient(
    std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), bin_ + "/commonwage");
  return Start(arguments, "client.log");
}

std::unique_ptr<RunningProgram> EmbeddedService::Start(
    const std::vector<std::string>& arguments, const std::string& log,
    const std::vector<std::string>& environment) {
  return std::make_unique<RunningProgram>(
      arguments, File(log), environment,
      watch_memory_ ? COMMONWAGE_STOP_AT_START : "");
}

ProgramResult EmbeddedService::Run(const std::string& program,
                                   std::vector<std::string> arguments,
                                   const std::vector<std::string>& places) {
  arguments.insert(arguments.begin(), absl::StrCat(bin_, "/", program));
  arguments.insert(arguments.end(), places.begin(), places.end());
  return RunProgram(arguments);
}

}  // namespace commonwage::testing
