// SPDX-License-Identifier: Apache-2.0
// The real program: exit codes, what it prints where, and what it never prints.

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "base/file/kept_file.h"
#include "command/times.h"
#include "commonwage/v1/command_output.pb.h"
#include "commonwage/v1/plan_preview.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/sodium_random.h"
#include "server/command/operator_key_file.h"
#include "survey/plan/plan_json.h"
#include "survey/timestamp.h"
#include "tests/command/run_on_terminal.h"
#include "tests/command/run_program.h"
#include "tests/server/steward/frame_builder.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::server::steward {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;

class StewardCliTest : public ::testing::Test {
 protected:
  StewardCliTest() {
    Put("passphrase", "correct horse battery\n");
    Put("plan.json", testing::SamplePlanJson());
    Put("operator.key",
        WriteOperatorKeyFile(testing::TestOperatorKey().verify_key()));
  }

  static ProgramResult Run(const std::vector<std::string>& arguments) {
    return testing::RunProgram(COMMONWAGE_STEWARD, arguments);
  }

  std::string File(const std::string& name) const {
    return directory_.File(name);
  }
  void Put(const std::string& name, const std::string& content) const {
    ASSERT_OK(ReplaceFile({File(name), "test file"}, content));
  }
  static std::string In(absl::Duration from_now) {
    return command::TimeText(absl::Now() + from_now);
  }

  std::vector<std::string> With(
      std::vector<std::string> arguments,
      const std::string& passphrase = "passphrase") const {
    arguments.insert(arguments.end(), {"--vault", File("vault"),
                                       "--passphrase-file", File(passphrase)});
    return arguments;
  }

  ProgramResult MakeRound(const std::string& opens_at,
                          const std::string& closes_at) const {
    return Run(
        With({"round", "create", "--plan", File("plan.json"), "--operator-key",
              File("operator.key"), "--opens-at", opens_at, "--closes-at",
              closes_at, "--force", "--out", File("manifest")}));
  }

  ProgramResult MakeOpenRound() const {
    return MakeRound(In(absl::ZeroDuration()), In(absl::Hours(1)));
  }

  std::vector<std::string> PublishArguments(const std::string& inbox,
                                            const std::string& out) const {
    return With({"publish", "--yes", "--expect", WordsOf(inbox), "--inbox",
                 File(inbox), "--out", File(out), "--json"});
  }
  // What the operator read to the steward.
  std::string WordsOf(const std::string& inbox) const {
    return testing::WordsOfInbox(
        testing::FileContents(File(inbox)).value_or(""));
  }
  ProgramResult Publish(const std::string& inbox,
                        const std::string& out) const {
    return Run(PublishArguments(inbox, out));
  }
  template <typename Report>
  static Report JsonIn(const ProgramResult& result) {
    Report report;
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(result.out, &report).ok());
    return report;
  }
  static v1::PublishReport ReportIn(const ProgramResult& result) {
    return JsonIn<v1::PublishReport>(result);
  }

  // Writes the sealed inbox of a few submissions to the round just made.
  void PutInbox(const std::string& name, bool closed_early) const {
    const auto checked =
        artefacts::ReadSignedManifest(*testing::FileContents(File("manifest")));
    ASSERT_OK(checked);
    crypto::SodiumRandom random;
    std::vector<std::string> frames;
    for (int i = 0; i < 30; ++i) {
      frames.push_back(testing::DraftOf({{1, 2}, {1111}}, checked->manifest,
                                        checked->hash, random)
                           .Build(checked->manifest, random));
    }
    Put(name, testing::SealedInbox(
                  checked->hash, frames,
                  closed_early ? std::optional(absl::Now()) : std::nullopt));
  }

  testing::TempDirectory directory_;
};

TEST_F(StewardCliTest, ExplainsItselfAndNamesItsVersion) {
  const ProgramResult help = Run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("publish"));
  EXPECT_EQ(Run({"plan", "new", "--help"}).exit_code, 0);
  EXPECT_EQ(Run({"--version"}).exit_code, 0);
}

TEST_F(StewardCliTest, EndsWith2OnWrongUseAndRepeatsNothing) {
  const std::vector<std::vector<std::string>> wrong_uses = {
      {},
      {"zanzibar"},
      {"plan"},
      {"plan", "check"},
      {"plan", "check", File("plan.json"), "zanzibar"},
      {"plan", "new", "--template", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--bins", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--anchor", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--values", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--opens-at", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--survey", "zan zibar"},
      {"plan", "new", "--template", "couriers", "--low", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--bins", "7"},
      {"plan", "new", "--template", "couriers", "--anchor", "zanzibar=99.00"},
      {"plan", "new", "--template", "couriers", "--values", "zanzibar=a,b"},
      {"plan", "new", "--template", "couriers", "--currency", "JPY"},
      {"plan", "new", "--template", "couriers", "--expect", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--expect", "10"},
      {"plan", "new", "--template", "couriers", "--expect", "500..10"},
      {"plan", "new", "--template", "couriers", "--expect", "0..10"},
      {"plan", "new", "--template", "couriers", "--expect", "10..1000001"},
      {"plan", "new", "--template", "couriers", "--steps", "zanzibar"},
      {"plan", "new", "--template", "couriers", "--steps", "15.00,,16.00"},
      With({"round", "create", "--plan", File("plan.json"), "--out", "m",
            "--operator-key", "k", "--admission", "zanzibar"}),
      With({"round", "create", "--plan", File("plan.json"), "--out", "m",
            "--operator-key", "k", "--admission", "credential"}),
      With({"round", "create", "--plan", File("plan.json"), "--out", "m"}),
      {"--zanzibar"},
  };
  for (const std::vector<std::string>& arguments : wrong_uses) {
    const ProgramResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, AllOf(HasSubstr("commonwage-steward: "),
                                  Not(HasSubstr("zanzibar"))));
  }
}

TEST_F(StewardCliTest, SaysThatAPlanHasOtherBinsThanAsked) {
  const ProgramResult moved =
      Run({"plan", "new", "--template", "couriers", "--bins", "97"});
  EXPECT_EQ(moved.exit_code, 0);
  EXPECT_THAT(moved.err, AllOf(HasSubstr("97"), HasSubstr("96")));
  const ProgramResult kept =
      Run({"plan", "new", "--template", "couriers", "--bins", "64"});
  EXPECT_EQ(kept.exit_code, 0);
  EXPECT_THAT(kept.err, Not(HasSubstr("do not split")));
}

TEST_F(StewardCliTest, MeasuresPlansForTheGroupsExpectedAndSaysSo) {
  const ProgramResult made =
      Run({"plan", "new", "--template", "small-union", "--expect", "10..300",
           "--steps", "2650,2800,2950.,3120"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, AllOf(HasSubstr("Weighing"),
                              HasSubstr("For groups of 10 to 300 people: "),
                              HasSubstr("would be shown")));
  EXPECT_THAT(made.out, HasSubstr("\"steps\": [2650, 2800, 2950, 3120]"));
  Put("new.json", made.out);
  EXPECT_EQ(Run({"plan", "check", File("new.json")}).exit_code, 0);
}

TEST_F(StewardCliTest, MakesPlansThatItFindsNoFaultWith) {
  for (const char* name : {"couriers", "small-union", "annual-pay"}) {
    const ProgramResult made = Run({"plan", "new", "--template", name});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    Put("new.json", made.out);
    const ProgramResult checked = Run({"plan", "check", File("new.json")});
    EXPECT_EQ(checked.exit_code, 0) << checked.err;
    const ProgramResult shown =
        Run({"plan", "preview", File("new.json"), "--json"});
    ASSERT_EQ(shown.exit_code, 0) << shown.err;
    v1::PlanPreview preview;
    ASSERT_TRUE(
        google::protobuf::util::JsonStringToMessage(shown.out, &preview).ok());
    EXPECT_GT(preview.marginals(0).tau(), 0);
    EXPECT_THAT(shown.out, HasSubstr("\"median_half_width\""));
    const ProgramResult text = Run({"plan", "preview", File("new.json")});
    EXPECT_EQ(text.exit_code, 0);
    EXPECT_THAT(text.out, HasSubstr("chance to be shown"));
  }
}

TEST_F(StewardCliTest, AcceptsTheExamplePlanAsItStands) {
  const auto path = testing::SharedPath("examples/plan.json");
  if (!path.has_value()) {
    COMMONWAGE_SKIP_WITHOUT("examples/plan.json");
  }
  EXPECT_EQ(Run({"plan", "check", *path}).exit_code, 0);
  EXPECT_EQ(Run({"plan", "preview", *path, "--json"}).exit_code, 0);
}

TEST_F(StewardCliTest, ListsEveryFaultOfAPlanAndEndsWith2) {
  Put("bad.json", absl::StrReplaceAll(testing::SamplePlanJson(),
                                      {{"\"k\": 10", "\"k\": 1"},
                                       {"[4, 4]", "[4, 5]"},
                                       {"DISCRETE_LAPLACE", "zanzibar"}}));
  const ProgramResult text = Run({"plan", "check", File("bad.json")});
  EXPECT_EQ(text.exit_code, 2);
  EXPECT_THAT(text.err,
              AllOf(HasSubstr("\nk: "), HasSubstr("\nmarginals[0].fanouts: "),
                    HasSubstr("\nmarginals[1].fanouts: "),
                    HasSubstr("\nmarginals[1].mechanism: "),
                    Not(HasSubstr("zanzibar"))));
  const ProgramResult json = Run({"plan", "check", File("bad.json"), "--json"});
  EXPECT_EQ(json.exit_code, 2);
  v1::PlanCheckReport report;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(json.out, &report).ok());
  EXPECT_FALSE(report.ok());
  EXPECT_GE(report.faults_size(), 4);
  EXPECT_EQ(Run({"plan", "preview", File("bad.json")}).exit_code, 2);
  Put("bad.json", "{\"zanzibar\": ");
  EXPECT_EQ(Run({"plan", "check", File("bad.json")}).exit_code, 2);
}

TEST_F(StewardCliTest, ChecksTheCapOfAPlanWithOtherFaults) {
  Put("bad.json", absl::StrReplaceAll(testing::SamplePlanJson(),
                                      {{"\"k\": 10", "\"k\": 1"},
                                       {"\"1e-7\"", "\"never\""},
                                       {": 1600000", ": 1"},
                                       {"[\"platform\"]", "[\"zanzibar\"]"}}));
  EXPECT_THAT(Run({"plan", "check", File("bad.json")}).err,
              AllOf(HasSubstr("\nk: "), HasSubstr("\nthreshold_delta: "),
                    HasSubstr("\nmarginals[0].by[0]: "),
                    HasSubstr("\nsurvey_cap_micro_rho: This round would spend"),
                    Not(HasSubstr("zanzibar"))));
}

TEST_F(StewardCliTest, EndsWith1WhereAFileIsMissing) {
  const ProgramResult result = Run({"plan", "check", File("zanzibar")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("The plan file cannot be read"),
                                Not(HasSubstr("zanzibar"))));
}

TEST_F(StewardCliTest, MakesOneVaultAndOneRoundOfAName) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  EXPECT_EQ(Run(With({"init"})).exit_code, 1);
  const ProgramResult made = MakeOpenRound();
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(MakeOpenRound().exit_code, 1);
  const ProgramResult key = Run(With({"key", "show", "--survey", "couriers"}));
  EXPECT_EQ(key.exit_code, 0);
  EXPECT_THAT(key.out, HasSubstr("Survey key: "));
  EXPECT_THAT(made.out, HasSubstr(key.out));
  EXPECT_EQ(Run(With({"key", "show", "--survey", "others"})).exit_code, 1);
}

TEST_F(StewardCliTest, TellsProgramsTheSameAsJson) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  const auto made = JsonIn<v1::RoundCreationReport>(
      Run(With({"round", "create", "--plan", File("plan.json"),
                "--operator-key", File("operator.key"), "--opens-at",
                In(absl::ZeroDuration()), "--closes-at", In(absl::Hours(1)),
                "--out", File("manifest"), "--json"})));
  EXPECT_EQ(made.operator_key(),
            crypto::Fingerprint(testing::TestOperatorKey().verify_key()));
  EXPECT_EQ(made.round_id(), "couriers.2026-q1");
  EXPECT_LT(FromTimestamp(made.opens_at()), FromTimestamp(made.closes_at()));
  const auto key = JsonIn<v1::SurveyKeyReport>(
      Run(With({"key", "show", "--survey", "couriers", "--json"})));
  EXPECT_EQ(key.survey(), "couriers");
  EXPECT_EQ(key.survey_key(), made.survey_key());
  EXPECT_EQ(key.survey_key_words(), made.survey_key_words());
  const auto status = JsonIn<v1::SurveyStatusReport>(
      Run(With({"status", "--survey", "couriers", "--json"})));
  EXPECT_EQ(status.cap_micro_rho(), 1'600'000);
  EXPECT_EQ(status.spent_micro_rho(), 0);
  EXPECT_GT(status.reserved_micro_rho(), 0);
  EXPECT_EQ(status.left_micro_rho(),
            status.cap_micro_rho() - status.reserved_micro_rho());
  EXPECT_EQ(status.spent_delta(), 0);
  EXPECT_GT(status.reserved_delta(), 1.7e-7);
  EXPECT_LT(status.reserved_delta(), 1.8e-7);
}

TEST_F(StewardCliTest, CountsDeltaAsWellAsRho) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  EXPECT_THAT(Run(With({"status", "--survey", "couriers"})).out,
              HasSubstr("(delta):\n  0 in published rounds, 1.8e-07 in rounds "
                        "to be published, 1.8e-07 in all\n"));
  PutInbox("inbox", /*closed_early=*/true);
  const v1::PublishReport report = ReportIn(Publish("inbox", "release"));
  EXPECT_GT(report.delta(), 1.7e-7);
  EXPECT_GE(report.spent_delta(), report.delta());
  EXPECT_LT(report.spent_delta(), 1.000001 * report.delta());
  const auto status = JsonIn<v1::SurveyStatusReport>(
      Run(With({"status", "--survey", "couriers", "--json"})));
  EXPECT_EQ(status.spent_delta(), report.spent_delta());
  EXPECT_EQ(status.reserved_delta(), 0);
  EXPECT_EQ(status.total_delta(), status.spent_delta());
}

TEST_F(StewardCliTest, SaysOfAnOpenRoundThatItCountsAnswers) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  EXPECT_THAT(MakeOpenRound().out, HasSubstr("per answer, not per person"));
}

TEST_F(StewardCliTest, MakesNoVaultUnderAShortPassphrase) {
  for (const char* passphrase : {"", "\n", "zanzibar\n", "elevenchars\n"}) {
    Put("short", passphrase);
    const ProgramResult result = Run(With({"init"}, "short"));
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("passphrase"), Not(HasSubstr("zanzibar"))));
    EXPECT_FALSE(std::filesystem::exists(File("vault")));
  }
  Put("enough", "twelve chars\n");
  EXPECT_EQ(Run(With({"init"}, "enough")).exit_code, 0);
}

TEST_F(StewardCliTest, ThePassphraseOfAVaultCanBeChanged) {
  ASSERT_EQ(Run(With({"init", "--survey", "couriers"})).exit_code, 0);
  // As another editor, and another keyboard, would have written it.
  Put("next", "gr\u00fcner Hund bellt\n");
  Put("spelled", "\ufeffgru\u0308ner Hund\u00a0bellt\r\n");
  Put("short", "zanzibar\n");
  const auto change = [this](const std::string& to) {
    return Run(
        With({"passphrase", "change", "--new-passphrase-file", File(to)}));
  };
  const ProgramResult refused = change("short");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("too short"), Not(HasSubstr("zanzibar"))));
  EXPECT_EQ(change("next").exit_code, 0);
  EXPECT_EQ(change("next").exit_code, 1);
  const ProgramResult old = Run(With({"key", "show", "--survey", "couriers"}));
  EXPECT_EQ(old.exit_code, 1);
  EXPECT_THAT(old.err, HasSubstr("passphrase"));
  EXPECT_EQ(Run(With({"passphrase", "change", "--new-passphrase-file",
                      File("passphrase")},
                     "spelled"))
                .exit_code,
            0);
  EXPECT_EQ(MakeOpenRound().exit_code, 0);
}

TEST_F(StewardCliTest, RefusesToPublishWhatItShouldNotAndWritesNothing) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  PutInbox("inbox", /*closed_early=*/false);
  const ProgramResult before_close = Publish("inbox", "release");
  EXPECT_EQ(before_close.exit_code, 1);
  EXPECT_THAT(before_close.err, HasSubstr("closing time"));

  PutInbox("inbox", /*closed_early=*/true);
  const std::string inbox = *testing::FileContents(File("inbox"));
  Put("cut", inbox.substr(0, inbox.size() / 2));
  EXPECT_EQ(Publish("cut", "release").exit_code, 1);
  EXPECT_EQ(Publish("manifest", "release").exit_code, 1);
  Put("wrong", "zanzibar\n");
  const ProgramResult wrong =
      Run(With({"publish", "--inbox", File("inbox"), "--out", File("release")},
               "wrong"));
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err,
              AllOf(HasSubstr("passphrase"), Not(HasSubstr("zanzibar"))));
  EXPECT_FALSE(testing::FileContents(File("release")).has_value());
  EXPECT_EQ(Publish("inbox", "release").exit_code, 0);
}

TEST_F(StewardCliTest, PublishesNothingThatItCannotWrite) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  PutInbox("inbox", /*closed_early=*/true);
  const std::string inbox = *testing::FileContents(File("inbox"));
  std::filesystem::create_symlink(File("inbox"), File("link"));
  std::filesystem::create_directory(File("directory"));
  EXPECT_EQ(Publish("inbox", "nowhere/release").exit_code, 1);
  EXPECT_EQ(Publish("inbox", "directory").exit_code, 1);
  EXPECT_EQ(Publish("inbox", "inbox").exit_code, 2);
  EXPECT_EQ(Publish("inbox", "link").exit_code, 2);
  EXPECT_EQ(Publish("link", "inbox").exit_code, 2);
  EXPECT_EQ(testing::FileContents(File("inbox")), inbox);
  EXPECT_THAT(Run(With({"status", "--survey", "couriers"})).out,
              HasSubstr("Spent:       0 "));
  const ProgramResult published = Publish("inbox", "release");
  ASSERT_EQ(published.exit_code, 0) << published.err;
  EXPECT_FALSE(ReportIn(published).repeated_release());
}

TEST_F(StewardCliTest, PublishesOnceThoughTwoProcessesTryAtOnce) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  PutInbox("inbox", /*closed_early=*/true);
  testing::RunningProgram first(COMMONWAGE_STEWARD,
                                PublishArguments("inbox", "release-1"));
  testing::RunningProgram second(COMMONWAGE_STEWARD,
                                 PublishArguments("inbox", "release-2"));
  const ProgramResult first_result = first.Wait();
  const ProgramResult second_result = second.Wait();
  ASSERT_EQ(first_result.exit_code, 0) << first_result.err;
  ASSERT_EQ(second_result.exit_code, 0) << second_result.err;
  EXPECT_NE(ReportIn(first_result).repeated_release(),
            ReportIn(second_result).repeated_release());
  EXPECT_EQ(testing::FileContents(File("release-1")),
            testing::FileContents(File("release-2")));
  const ProgramResult again = Publish("inbox", "release");
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_TRUE(ReportIn(again).repeated_release());
  EXPECT_EQ(testing::FileContents(File("release")),
            testing::FileContents(File("release-1")));
  EXPECT_OK(
      artefacts::ReadSignedRelease(*testing::FileContents(File("release"))));
  const ProgramResult status = Run(With({"status", "--survey", "couriers"}));
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_THAT(status.out, HasSubstr("Reserved:    0"));
}

TEST_F(StewardCliTest, AsksWhetherToPublishARoundThatWasClosedEarly) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  PutInbox("inbox", /*closed_early=*/true);
  const std::vector<std::string> unasked =
      With({"publish", "--expect", WordsOf("inbox"), "--inbox", File("inbox"),
            "--out", File("release")});
  const ProgramResult nobody = Run(unasked);
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.err,
              AllOf(HasSubstr("Round couriers.2026-q1 was closed early: "),
                    ::testing::ContainsRegex(
                        " (1 hour|59 minutes) before its time \\("),
                    HasSubstr("no terminal to ask on")));
  for (const char* typed : {"no\n", "\n", "\x04"}) {
    const ProgramResult no =
        testing::RunOnTerminal(COMMONWAGE_STEWARD, unasked, typed);
    EXPECT_EQ(no.exit_code, 1);
    EXPECT_THAT(no.err, AllOf(HasSubstr("Publish it? (yes or no)"),
                              HasSubstr("You did not say yes.")));
  }
  EXPECT_FALSE(testing::FileContents(File("release")).has_value());
  EXPECT_THAT(Run(With({"status", "--survey", "couriers"})).out,
              HasSubstr("Spent:       0 "));
  const ProgramResult yes =
      testing::RunOnTerminal(COMMONWAGE_STEWARD, unasked, "yes\n");
  EXPECT_EQ(yes.exit_code, 0) << yes.err;
  EXPECT_TRUE(testing::FileContents(File("release")).has_value());
  // The same release again is nobody's decision any more, but for the file.
  const ProgramResult again = Run(unasked);
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("--force"));
  std::vector<std::string> forced = unasked;
  forced.emplace_back("--force");
  EXPECT_EQ(Run(forced).exit_code, 0);
}

TEST_F(StewardCliTest, AsksWhetherToCallARoundOff) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  const std::vector<std::string> unasked =
      With({"round", "cancel", "--round", "couriers.2026-q1", "--out",
            File("cancellation")});
  const ProgramResult nobody = Run(unasked);
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.err, AllOf(HasSubstr("who has answered or how many"),
                                HasSubstr("285000 micro-rho"),
                                HasSubstr("no terminal to ask on")));
  EXPECT_EQ(
      testing::RunOnTerminal(COMMONWAGE_STEWARD, unasked, "no\n").exit_code, 1);
  EXPECT_FALSE(testing::FileContents(File("cancellation")).has_value());
  const ProgramResult yes =
      testing::RunOnTerminal(COMMONWAGE_STEWARD, unasked, "yes\n");
  EXPECT_EQ(yes.exit_code, 0) << yes.err;
  EXPECT_TRUE(testing::FileContents(File("cancellation")).has_value());
  EXPECT_THAT(Run(With({"status", "--survey", "couriers"})).out,
              HasSubstr("Reserved:    0 "));
  // Nobody is asked about what is done.
  const auto again = JsonIn<v1::RoundCancellationReport>(
      Run(With({"round", "cancel", "--round", "couriers.2026-q1", "--out",
                File("again"), "--json"})));
  EXPECT_TRUE(again.done_before());
  EXPECT_EQ(again.left_micro_rho(), 1'600'000);
  EXPECT_EQ(testing::FileContents(File("again")),
            testing::FileContents(File("cancellation")));
  // The name is never used again.
  EXPECT_EQ(MakeOpenRound().exit_code, 1);
}

TEST_F(StewardCliTest, AsksWhetherItIsTheInboxThatTheOperatorExported) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  PutInbox("inbox", /*closed_early=*/true);
  const auto with = [this](const std::vector<std::string>& more) {
    std::vector<std::string> arguments =
        With({"publish", "--yes", "--inbox", File("inbox"), "--out",
              File("release")});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  const std::string told = absl::StrCat(
      "Sealed inbox of round couriers.2026-q1, signed by its operator. For you "
      "alone: 30 submissions.\nIn words: ",
      WordsOf("inbox"), "\n");
  const ProgramResult nobody = Run(with({}));
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.err, AllOf(HasSubstr(told), HasSubstr("no terminal"),
                                HasSubstr("--expect")));
  const ProgramResult no =
      testing::RunOnTerminal(COMMONWAGE_STEWARD, with({}), "no\n");
  EXPECT_EQ(no.exit_code, 1);
  EXPECT_THAT(no.err, HasSubstr("is the round to be published? (yes or no)"));
  // The words of another inbox of the round, and no words at all.
  PutInbox("another", /*closed_early=*/true);
  const ProgramResult other = Run(with({"--expect", WordsOf("another")}));
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, AllOf(HasSubstr(told), HasSubstr("another sealed")));
  const ProgramResult wrong = Run(with({"--expect", "zanzibar"}));
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, Not(HasSubstr("zanzibar")));

  EXPECT_FALSE(testing::FileContents(File("release")).has_value());
  EXPECT_THAT(Run(With({"status", "--survey", "couriers"})).out,
              HasSubstr("Spent:       0 "));
  const ProgramResult yes =
      testing::RunOnTerminal(COMMONWAGE_STEWARD, with({}), "yes\n");
  EXPECT_EQ(yes.exit_code, 0) << yes.err;
  EXPECT_TRUE(testing::FileContents(File("release")).has_value());
}

TEST_F(StewardCliTest, MakesNoRoundWithoutAnOperatorsKey) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  for (const std::string& content :
       {std::string("zanzibar"),
        "commonwage-operator-key-1 " + std::string(62, 'a'),
        "commonwage-operator-key-2 " + std::string(64, 'a')}) {
    Put("operator.key", content);
    const ProgramResult refused = MakeOpenRound();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr("not an operator's key file"),
                      HasSubstr("receipt-key"), Not(HasSubstr("zanzibar"))));
  }
  // As an editor may have left it.
  Put("operator.key",
      "\xef\xbb\xbf"
      "commonwage-operator-key-1\r\n" +
          std::string(64, 'A') + "\r\n");
  EXPECT_EQ(MakeOpenRound().exit_code, 0);
}

TEST_F(StewardCliTest, AsksBeforeANewSurveyBesideOthersAndSaysTheirSum) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeOpenRound().exit_code, 0);
  Put("cooks.json", absl::StrReplaceAll(testing::SamplePlanJson(),
                                        {{"\"couriers\"", "\"cooks\""}}));
  const std::vector<std::string> unasked =
      With({"round", "create", "--plan", File("cooks.json"), "--operator-key",
            File("operator.key"), "--opens-at", In(absl::ZeroDuration()),
            "--closes-at", In(absl::Hours(1)), "--out", File("cooks")});
  const ProgramResult nobody = Run(unasked);
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.err,
              AllOf(HasSubstr("cooks is a new survey, and this vault has "
                              "others: couriers."),
                    HasSubstr("with this round 570000 micro-rho, 285000 of it "
                              "in the others"),
                    HasSubstr("by all caps 3200000 micro-rho at most, 1600000 "
                              "of it in the others")));
  EXPECT_FALSE(testing::FileContents(File("cooks")).has_value());
  EXPECT_EQ(Run(With({"status", "--survey", "cooks"})).exit_code, 1);
  EXPECT_EQ(
      testing::RunOnTerminal(COMMONWAGE_STEWARD, unasked, "n\n").exit_code, 1);
  const ProgramResult yes =
      testing::RunOnTerminal(COMMONWAGE_STEWARD, unasked, "y\n");
  EXPECT_EQ(yes.exit_code, 0) << yes.err;
  // Going on with either is no question; a third survey is one again.
  Put("plan.json",
      absl::StrReplaceAll(testing::SamplePlanJson(), {{"2026-q1", "2026-q2"}}));
  EXPECT_EQ(MakeOpenRound().exit_code, 0);
  Put("plan.json", absl::StrReplaceAll(testing::SamplePlanJson(),
                                       {{"\"couriers\"", "\"bakers\""}}));
  const ProgramResult third = MakeOpenRound();
  EXPECT_EQ(third.exit_code, 1);
  EXPECT_THAT(third.err, HasSubstr("others: cooks, couriers."));
  std::vector<std::string> decided =
      With({"round", "create", "--yes", "--plan", File("plan.json"),
            "--operator-key", File("operator.key"), "--opens-at",
            In(absl::ZeroDuration()), "--closes-at", In(absl::Hours(1)),
            "--out", File("bakers")});
  const ProgramResult made = Run(decided);
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr("1140000 micro-rho"));
}

TEST_F(StewardCliTest, RefusesPastDatesAndWritesNothing) {
  ASSERT_EQ(Run(With({"init", "--survey", "couriers"})).exit_code, 0);
  const ProgramResult past =
      MakeRound(In(-absl::Hours(2)), In(-absl::Hours(1)));
  EXPECT_EQ(past.exit_code, 1);
  EXPECT_THAT(past.err, HasSubstr("must lie ahead"));
  EXPECT_EQ(MakeRound(In(absl::Hours(2)), In(absl::Hours(1))).exit_code, 2);
  EXPECT_FALSE(testing::FileContents(File("manifest")).has_value());
}

TEST_F(StewardCliTest, WritesALostManifestAgain) {
  ASSERT_EQ(Run(With({"init"})).exit_code, 0);
  ASSERT_EQ(MakeRound(In(absl::Hours(1)), In(absl::Hours(2))).exit_code, 0);
  const ProgramResult again =
      Run(With({"round", "export", "--round", "couriers.2026-q1", "--out",
                File("again")}));
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(testing::FileContents(File("again")),
            testing::FileContents(File("manifest")));
}

TEST_F(StewardCliTest, RefusesAPassphraseFileThatOthersMayRead) {
  ASSERT_EQ(chmod(File("passphrase").c_str(), 0644), 0);
  const ProgramResult result = Run(With({"init"}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, Not(HasSubstr("correct horse")));
}

}  // namespace
}  // namespace commonwage::server::steward
