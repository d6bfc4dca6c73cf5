// SPDX-License-Identifier: Apache-2.0
// What partners are given works as they would use it: the package installs, the
// example apps build against it and run against the real programs.

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "survey/plan_json.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/made_population.h"
#include "tests/testing/program.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/temp_directory.h"

namespace commonwage {
namespace {

using testing::EmbeddedService;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;
using testing::RunProgram;
using testing::TempDirectory;

class ExamplesTest : public ::testing::Test {
 protected:
  static void Require(const std::vector<std::string>& arguments) {
    const ProgramResult result = RunProgram(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  }

  // Installs the package and builds the app against it.
  void BuildPartnerApp() {
    const std::string prefix = directory_.File("prefix");
    const std::string build = directory_.File("build");
    Require({COMMONWAGE_CMAKE, "--install", COMMONWAGE_BUILD_DIR, "--component",
             "partner", "--prefix", prefix});
    Require({COMMONWAGE_CMAKE, "-G", "Ninja", "-S",
             "client/examples/partner_app", "-B", build,
             absl::StrCat("-DCMAKE_PREFIX_PATH=", prefix),
             absl::StrCat("-DCMAKE_CXX_COMPILER=", COMMONWAGE_CXX),
             absl::StrCat("-DCMAKE_CXX_FLAGS=", COMMONWAGE_CXX_FLAGS)});
    Require({COMMONWAGE_CMAKE, "--build", build});
    app_ = absl::StrCat(build, "/partner_app");
  }

  static void SubmitCrowd(const EmbeddedService& service) {
    const auto round =
        testing::VisitRound(service.server(), service.round_id());
    ASSERT_TRUE(round.ok()) << round.status();
    constexpr size_t kPeople = 600;
    const auto outcome = testing::SubmitAnswers(
        service.server(), *round, testing::MakePeople(kPeople),
        testing::MakePopulation(round->manifest.plan, kPeople, 5), {});
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    ASSERT_EQ(outcome->accepted, kPeople);
  }

  TempDirectory directory_;
  std::string app_;
};

TEST_F(ExamplesTest, APartnersUserSubmitsAndTwoLanguagesShowTheSameFigures) {
  BuildPartnerApp();
  EmbeddedService service(COMMONWAGE_BIN_DIR);
  service.CreateRound({.plan_json = testing::SamplePlanJson()});
  service.StartServer();
  service.WaitUntilOpen();

  const ProgramResult submitted =
      RunProgram({app_, "submit", service.server(), service.round_id(),
                  directory_.File("wallet"), service.File("passphrase"),
                  "platform=fast-food", "region=south", "hourly_pay=13.50"});
  EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("Stored, and the receipt is valid."));
  EXPECT_THAT(submitted.out, HasSubstr("Unverified"));
  EXPECT_THAT(submitted.out, Not(HasSubstr("13.50")));

  SubmitCrowd(service);
  service.CloseEarly();
  service.ExportInbox();
  service.Publish();
  service.ImportRelease();
  // Releases are noticed within a second; a new server sees them at once.
  service.StopServer(SIGTERM);
  service.StartServer();

  const ProgramResult shown = RunProgram(
      {app_, "figure", service.server(), service.round_id(), "platform"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("bolt-bike "));
  EXPECT_THAT(shown.out, HasSubstr(" to "));

  const ProgramResult in_python =
      RunProgram({COMMONWAGE_PYTHON, "client/examples/python/figures.py",
                  service.server(), service.round_id(), "platform"},
                 {absl::StrCat("PYTHONPATH=", COMMONWAGE_PYTHON_MODULES),
                  "PYTHONDONTWRITEBYTECODE=1"});
  EXPECT_EQ(in_python.exit_code, 0) << in_python.err;
  EXPECT_EQ(in_python.out, shown.out);

  const ProgramResult refused =
      RunProgram({COMMONWAGE_PYTHON, "client/examples/python/figures.py",
                  service.server(), "no.such-round", "platform"},
                 {absl::StrCat("PYTHONPATH=", COMMONWAGE_PYTHON_MODULES),
                  "PYTHONDONTWRITEBYTECODE=1"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, Not(HasSubstr("no.such-round")));
}

}  // namespace
}  // namespace commonwage
