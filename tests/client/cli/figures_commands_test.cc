// SPDX-License-Identifier: Apache-2.0
// stats, compare, trend and verify as scripts use them: what they ask for, what
// they refuse before a server is asked, and figures without a server.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/release_files.h"
#include "base/error.h"
#include "base/file/input_file.h"
#include "client/cli/text/figures_csv.h"
#include "client/cli/text/figures_text.h"
#include "client/cli/text/page.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "tests/client/cli/run_command.h"
#include "tests/client/grpc_front.h"
#include "tests/client/made_release.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::client::cli {
namespace {

using ::commonwage::testing::DrawMadeRelease;
using ::commonwage::testing::FakeServer;
using ::commonwage::testing::GrpcFront;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Outcome;
using ::commonwage::testing::RunCommand;
using ::commonwage::testing::SignRelease;
using ::commonwage::testing::TempDirectory;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class FiguresCommandsTest : public ::testing::Test {
 protected:
  Outcome Stats(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {
        "stats",     "--server", front_.address(), "--round",
        round_.Id(), "--by",     "platform"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunCommand(arguments);
  }

  const TempDirectory directory_;
  const MadeRound round_ = MakeRound();
  FakeServer server_{round_};
  GrpcFront front_{server_};
};

TEST_F(FiguresCommandsTest, SimultaneousIsAskedForAndLabelled) {
  server_.summary.set_simultaneous(true);
  server_.summary.set_confidence(0.99);
  server_.summary.set_intervals_at_once(5);
  const Outcome table = Stats({"--simultaneous"});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_TRUE(server_.LastSummarize().simultaneous());
  EXPECT_THAT(table.out, HasSubstr("Simultaneous intervals"));
  const Outcome json = Stats({"--simultaneous", "--json"});
  EXPECT_THAT(json.out, HasSubstr("\"simultaneous\": true"));
  EXPECT_THAT(json.out, HasSubstr("\"confidence\": 0.99"));
  EXPECT_THAT(json.out, HasSubstr("\"intervals_at_once\": \"5\""));

  EXPECT_EQ(Stats({}).exit_code, 0);
  EXPECT_FALSE(server_.LastSummarize().simultaneous());
  const Outcome both = Stats({"--simultaneous", "--modelled"});
  EXPECT_EQ(both.exit_code, 2);
}

TEST_F(FiguresCommandsTest, TheFiguresAreWrittenToAFileToo) {
  server_.summary.add_cells()->add_key()->set_dimension("platform");
  server_.summary.mutable_cells(0)->mutable_key(0)->add_values("meals");
  const std::string file = directory_.File("figures.csv");
  const Outcome outcome = Stats({"--csv", file, "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto written = ReadFile({file, "CSV file"}, 10'000);
  ASSERT_OK(written);
  EXPECT_EQ(*written, CsvOf(server_.summary));
  EXPECT_THAT(*written, HasSubstr("meals,withheld,"));
  EXPECT_THAT(Stats({"--csv", file}).err, HasSubstr("--force"));
  EXPECT_EQ(Stats({"--csv", file, "--force"}).exit_code, 0);
  const Outcome nowhere = Stats({"--csv", directory_.File("none/figures.csv")});
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("CSV file"));
  EXPECT_THAT(nowhere.out, IsEmpty());
}

TEST_F(FiguresCommandsTest, TablesThatCanBeAskedAreListed) {
  const std::string tables =
      "Tables, by `commonwage stats --round " + round_.Id() + "` with:\n";
  const Outcome list = RunCommand({"releases", "--server", front_.address()});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr(round_.Id() + "\n  unverified"));
  EXPECT_THAT(list.out, Not(HasSubstr("Tables")));
  const Outcome one = RunCommand(
      {"releases", "--server", front_.address(), "--name", round_.Id()});
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_THAT(one.out, HasSubstr(tables));
  for (const Marginal& marginal : round_.manifest.plan.marginals) {
    EXPECT_THAT(one.out,
                HasSubstr(marginal.by.empty() ? "everybody together"
                                              : "--by " + marginal.by.front()));
  }
  const Outcome round = RunCommand(
      {"rounds", "--server", front_.address(), "--round", round_.Id()});
  EXPECT_THAT(round.out, HasSubstr(tables));
  const Outcome other = RunCommand(
      {"releases", "--server", front_.address(), "--name", "no.such"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("has published no such round"));
  EXPECT_EQ(
      RunCommand({"releases", "--server", front_.address(), "--name", "s3cret"})
          .exit_code,
      2);
}

TEST_F(FiguresCommandsTest, WrongUseIsRefusedBeforeAServerIsAsked) {
  const std::string nobody = "127.0.0.1:1";
  const std::vector<std::string> stats = {"stats", "--server", nobody, "--by",
                                          "platform"};
  const std::vector<std::string> trend = {
      "trend", "--server", nobody, "--by", "platform", "--where", "platform=a"};
  const auto with = [](std::vector<std::string> arguments,
                       const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  for (const auto& [arguments, named] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {with(stats, {"--round", "s3cret"}), "--round"},
           {with(stats, {"--round", "a/b.s3cret"}), "--round"},
           {with(stats, {"--round", "a.b", "--quantile", "7"}), "--quantile"},
           {with(stats, {"--round", "a.b", "--quantile", "0"}), "--quantile"},
           {with(stats, {"--round", "a.b", "--quantile", "nan"}), "--quantile"},
           {{"compare", "--server", nobody, "--round", "s3cret", "--by", "x",
             "--a", "x=1", "--b", "x=2"},
            "--round"},
           {{"compare", "--server", nobody, "--round", "a.b", "--by", "x",
             "--a", "x=1", "--base", "x=2", "--quantile", "0"},
            "--quantile"},
           {{"compare", "--server", nobody, "--round", "a.b", "--by", "x",
             "--a", "x=1", "--base", "s3cret"},
            "DIMENSION=VALUE"},
           {with(trend, {"--survey", "s3cret!"}), "--survey"},
           {with(trend, {"--survey", "s", "--quantile", "1"}), "--quantile"}}) {
    const Outcome outcome = RunCommand(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(named));
    EXPECT_THAT(outcome.err, Not(HasSubstr("s3cret")));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
}

TEST_F(FiguresCommandsTest, ARoundWithoutAReleaseIsAFailureAndNoWrongUse) {
  server_.failure =
      Refusal(Reason::kUnknownRelease, "This server has no such release.");
  for (const std::vector<std::string>& asked :
       std::vector<std::vector<std::string>>{
           {"stats", "--round", "no.such"},
           {"compare", "--round", "no.such", "--a", "x=1", "--b", "x=2"},
           {"trend", "--survey", "no", "--where", "x=1"}}) {
    std::vector<std::string> arguments = asked;
    arguments.insert(arguments.end(),
                     {"--server", front_.address(), "--by", "x"});
    const Outcome outcome = RunCommand(arguments);
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("no such release"));
  }
}

TEST_F(FiguresCommandsTest, VerifyShowsTheFiguresThatItComputed) {
  const Release release = DrawMadeRelease(round_);
  const std::string files = directory_.File("release");
  ASSERT_OK(artefacts::WriteReleaseFiles(files, SignRelease(release, round_),
                                         IfThere::kRefuse));
  const std::string fingerprint =
      crypto::Fingerprint(round_.survey_key.verify_key());

  const Outcome json = RunCommand(
      {"verify", files, "--survey-key", fingerprint, "--figures", "--json"});
  EXPECT_EQ(json.exit_code, 0) << json.err;
  v1::VerifyReport report;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(json.out, &report).ok());
  EXPECT_DOUBLE_EQ(report.best_guess().took_part(), 0.6481);
  EXPECT_DOUBLE_EQ(report.best_guess().which_answer(), 0.7036);
  EXPECT_NEAR(report.threshold_delta(), 1.77e-7, 1e-9);
  ASSERT_THAT(report.figures(), SizeIs(release.marginals.size()));
  for (size_t m = 0; m < release.marginals.size(); ++m) {
    const v1::SummarizeResponse& table = report.figures(static_cast<int>(m));
    EXPECT_EQ(table.release().marginal(), release.marginals[m].id);
    ASSERT_THAT(table.cells(), SizeIs(release.marginals[m].cells.size()));
    for (size_t c = 0; c < release.marginals[m].cells.size(); ++c) {
      const v1::CellSummary& cell = table.cells(static_cast<int>(c));
      EXPECT_EQ(cell.has_figures(), release.marginals[m].cells[c].has_value());
      EXPECT_EQ(cell.figures().quantiles_size(), cell.has_figures() ? 5 : 0);
    }
  }

  const Outcome text =
      RunCommand({"verify", files, "--survey-key", fingerprint, "--figures"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  for (const v1::SummarizeResponse& table : report.figures()) {
    ::testing::internal::CaptureStdout();
    TellSummary(table, PageOfOutput());
    EXPECT_THAT(text.out, HasSubstr(::testing::internal::GetCapturedStdout()));
  }
  // No figure of a release that does not hold.
  const Outcome refused = RunCommand(
      {"verify", files, "--survey-key", std::string(40, '0'), "--figures"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, Not(HasSubstr("fast-food")));
}

}  // namespace
}  // namespace commonwage::client::cli
