// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/output_commands.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "base/check.h"
#include "commonwage/v1/command_output.pb.h"
#include "tests/testing/sample_plan.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage {
namespace {

constexpr char kOpen[] = "couriers.2026-q1";
constexpr char kClosed[] = "cooks.2026-q1";
constexpr char kPublished[] = "bakers.2026-q1";

void Require(const Arguments& arguments) {
  const testing::ProgramResult result = testing::RunProgram(arguments);
  if (result.exit_code != 0) {
    std::fprintf(stderr, "%s%s", result.out.c_str(), result.err.c_str());
  }
  COMMONWAGE_CHECK(result.exit_code == 0);
}

std::string SurveyOf(const std::string& round) {
  return round.substr(0, round.find('.'));
}

std::string In(absl::Duration from_now) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now() + from_now,
                          absl::UTCTimeZone());
}

std::string DirectoryOf(const std::string& place) {
  return std::filesystem::path(place).parent_path().string();
}

}  // namespace

std::vector<std::string> OutputWorld::Names() {
  return {"key_create",   "key_show",     "export_codes",  "receipt_key",
          "inbox_export", "round_create", "round_export",  "round_cancel",
          "publish",      "invitation",   "enrol_request", "receipt",
          "download",     "stats_csv"};
}

Arguments OutputWorld::Steward(Arguments arguments) const {
  arguments.insert(arguments.begin(), COMMONWAGE_BIN_DIR "/commonwage-steward");
  arguments.insert(arguments.end(), {"--vault", File("vault"),
                                     "--passphrase-file", File("passphrase")});
  return arguments;
}

Arguments OutputWorld::Admin(Arguments arguments) const {
  arguments.insert(arguments.begin(), COMMONWAGE_BIN_DIR "/commonwage-admin");
  arguments.insert(arguments.end(),
                   {"--data", File("online"), "--kek", File("kek")});
  return arguments;
}

Arguments OutputWorld::Issuer(Arguments arguments) const {
  arguments.insert(arguments.begin(), COMMONWAGE_BIN_DIR "/commonwage-issuer");
  arguments.insert(arguments.end(),
                   {"--data", File("issuer"), "--kek", File("issuer-kek")});
  return arguments;
}

Arguments OutputWorld::Client(Arguments arguments) const {
  arguments.insert(arguments.begin(), COMMONWAGE_BIN_DIR "/commonwage");
  return arguments;
}

OutputWorld::OutputWorld() {
  service_.CreateRound(
      {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
  for (const char* round : {kClosed, kPublished}) {
    MakeRound(round);
    Close(round);
  }
  Require(
      Admin({"release", "import", File(absl::StrCat(kPublished, ".release"))}));
  service_.StartServer();
  service_.WaitUntilOpen();
  const std::vector<std::string> codes = service_.MakeMembers(2);
  std::ofstream(File("code")) << codes[0] << "\n";
  Arguments member = {
      "--server",          service_.server(),    "--round",  kOpen,
      "--survey-key",      service_.SurveyKey(), "--wallet", File("wallet"),
      "--passphrase-file", File("passphrase")};
  Arguments enrol = Client(
      {"enrol", "--issuer", service_.issuer(), "--code-file", File("code")});
  enrol.insert(enrol.end(), member.begin(), member.end());
  Require(enrol);
  Arguments submit =
      Client({"submit", "--now", "--answer", "platform=fast-food", "--answer",
              "region=south", "--answer", "hourly_pay=13.50"});
  submit.insert(submit.end(), member.begin(), member.end());
  Require(submit);
}

void OutputWorld::MakeRound(const std::string& round) {
  const std::string plan = File(round + ".json");
  std::ofstream(plan) << absl::StrReplaceAll(testing::SamplePlanJson(),
                                             {{"couriers", SurveyOf(round)}});
  const std::string manifest = File(round + ".manifest");
  Require(Steward({"round", "create", "--yes", "--plan", plan, "--operator-key",
                   File("operator.key"), "--opens-at", In(absl::ZeroDuration()),
                   "--closes-at", In(absl::Hours(1)), "--out", manifest}));
  Require(Admin({"round", "import", manifest}));
}

void OutputWorld::Close(const std::string& round) {
  Require(Admin({"round", "close", "--early", "--round", round}));
  const testing::ProgramResult exported =
      testing::RunProgram(Admin({"inbox", "export", "--round", round, "--out",
                                 File(round + ".inbox"), "--json"}));
  COMMONWAGE_CHECK(exported.exit_code == 0);
  v1::InboxExportReport report;
  COMMONWAGE_CHECK(
      google::protobuf::util::JsonStringToMessage(exported.out, &report).ok());
  Require(
      Steward({"publish", "--yes", "--expect", report.inbox_words(), "--inbox",
               File(round + ".inbox"), "--out", File(round + ".release")}));
}

// One that can be done once for each round.
OutputCommand OutputWorld::FreshCommand(const std::string& name) {
  const std::string survey = absl::StrCat("s", ++fresh_);
  const std::string round = survey + ".2026-q1";
  if (name == "key_create") {
    return {
        .name = name,
        .write =
            [=, this](const std::string& place) {
              return Issuer(
                  {"key", "create", "--round", round, "--out", place});
            },
        .again =
            [=, this](const std::string& place) {
              return Issuer({"key", "show", "--round", round, "--out", place});
            }};
  }
  if (name == "round_cancel") {
    MakeRound(round);
    return {.name = name, .write = [=, this](const std::string& place) {
              return Steward({"round", "cancel", "--yes", "--round", round,
                              "--out", place});
            }};
  }
  const std::string plan = File(survey + ".json");
  std::ofstream(plan) << absl::StrReplaceAll(testing::SamplePlanJson(),
                                             {{"couriers", survey}});
  return {.name = name,
          .write =
              [=, this](const std::string& place) {
                return Steward({"round", "create", "--yes", "--plan", plan,
                                "--operator-key", File("operator.key"),
                                "--opens-at", In(absl::Hours(1)), "--closes-at",
                                In(absl::Hours(2)), "--out", place});
              },
          .again =
              [=, this](const std::string& place) {
                return Steward(
                    {"round", "export", "--round", round, "--out", place});
              }};
}

OutputCommand OutputWorld::Command(const std::string& name) {
  if (name == "key_create" || name == "round_create" ||
      name == "round_cancel") {
    return FreshCommand(name);
  }
  OutputCommand command{.name = name};
  if (name == "key_show") {
    command.write = [this](const std::string& place) {
      return Issuer({"key", "show", "--round", kOpen, "--out", place});
    };
  } else if (name == "export_codes") {
    command.write = [this](const std::string& place) {
      return Issuer({"members", "export-codes", "--again", "--out", place});
    };
  } else if (name == "receipt_key") {
    command.write = [this](const std::string& place) {
      return Admin({"receipt-key", "--out", place});
    };
  } else if (name == "invitation") {
    command.write = [this](const std::string& place) {
      return Steward({"invitation", "--survey", SurveyOf(kOpen), "--server",
                      service_.server(), "--qr", place});
    };
  } else if (name == "inbox_export") {
    command.write = [this](const std::string& place) {
      return Admin({"inbox", "export", "--round", kClosed, "--out", place});
    };
  } else if (name == "round_export") {
    command.write = [this](const std::string& place) {
      return Steward({"round", "export", "--round", kClosed, "--out", place});
    };
  } else if (name == "publish") {
    command.write = [this](const std::string& place) {
      return Steward({"publish", "--yes", "--inbox",
                      File(absl::StrCat(kClosed, ".inbox")), "--out", place});
    };
  } else if (name == "enrol_request") {
    command.write = [this](const std::string& place) {
      return Client({"enrol", "--server", service_.server(), "--round", kOpen,
                     "--survey-key", service_.SurveyKey(), "--wallet",
                     File("second-wallet"), "--passphrase-file",
                     File("passphrase"), "--request-out", place});
    };
  } else if (name == "receipt") {
    command.write = [this](const std::string& place) {
      return Client({"receipt", "--round", kOpen, "--wallet", File("wallet"),
                     "--passphrase-file", File("passphrase"), "--out", place});
    };
  } else if (name == "download") {
    command.file = "RELEASE.bin";
    command.write = [this](const std::string& place) {
      return Client({"download", "--server", service_.server(), "--round",
                     kPublished, "--out", DirectoryOf(place)});
    };
  } else {
    command.write = [this](const std::string& place) {
      return Client({"stats", "--server", service_.server(), "--round",
                     kPublished, "--by", "platform", "--csv", place});
    };
  }
  return command;
}

}  // namespace commonwage
