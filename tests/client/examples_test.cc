// SPDX-License-Identifier: Apache-2.0
// What partners are given works as they would use it: the package installs, the
// example apps build against it and run against the real programs.

#include <csignal>
#include <cstddef>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "survey/plan/plan_json.h"
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

constexpr size_t kPeople = 600;

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

  static void SubmitCrowd(const EmbeddedService& service,
                          const std::vector<std::string>& codes) {
    const auto round =
        testing::VisitRound(service.server(), service.round_id());
    ASSERT_TRUE(round.ok()) << round.status();
    std::vector<testing::Person> people = testing::MakePeople(kPeople);
    const absl::Status enrolled =
        testing::EnrolPeople(service.issuer(), *round, codes, people, nullptr);
    ASSERT_TRUE(enrolled.ok()) << enrolled;
    const auto outcome = testing::SubmitAnswers(
        service.server(), *round, people,
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
  service.CreateRound(
      {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
  service.StartServer();
  service.WaitUntilOpen();
  std::vector<std::string> codes = service.MakeMembers(kPeople + 1);
  const std::string code_file = directory_.File("code");
  std::ofstream(code_file) << codes.back() << '\n';
  codes.pop_back();

  const auto run = [&](const std::string& command,
                       const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        app_, command, directory_.File("wallet"), service.File("passphrase")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunProgram(arguments);
  };
  const auto submit = [&] {
    return run("submit", {service.round_id(), "platform=fast-food",
                          "region=south", "hourly_pay=13.50"});
  };
  // Without the union's invitation there is no server to ask.
  const ProgramResult stranger = submit();
  EXPECT_EQ(stranger.exit_code, 1);
  EXPECT_THAT(stranger.err, HasSubstr("Join first"));
  EXPECT_THAT(stranger.out, HasSubstr("Write these words down"));
  const std::string invitation_file = directory_.File("invitation");
  std::ofstream(invitation_file) << service.Invite(service.server()) << '\n';
  const ProgramResult joined = run("join", {invitation_file});
  EXPECT_EQ(joined.exit_code, 0) << joined.err;
  EXPECT_THAT(joined.out, HasSubstr("Joined."));
  // Without the office there is no voice.
  const ProgramResult too_soon = submit();
  EXPECT_EQ(too_soon.exit_code, 1);
  EXPECT_THAT(too_soon.err, HasSubstr("for members"));
  const ProgramResult enrolled = run("enrol", {service.round_id(), code_file});
  EXPECT_EQ(enrolled.exit_code, 0) << enrolled.err;
  EXPECT_THAT(enrolled.out, HasSubstr("Enrolled."));
  const ProgramResult submitted = submit();
  EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("Stored, and the receipt is valid."));
  EXPECT_THAT(submitted.out, HasSubstr("Members only"));
  EXPECT_THAT(submitted.out, Not(HasSubstr("13.50")));
  // The seed is shown once, to its owner, and is in the wallet alone.
  EXPECT_THAT(submitted.out + enrolled.out,
              Not(HasSubstr("Write these words down")));

  SubmitCrowd(service, codes);
  service.CloseEarly();
  service.ExportInbox();
  service.Publish();
  service.ImportRelease();
  // Releases are noticed within a second; a new server sees them at once.
  service.StopServer(SIGTERM);
  service.StartServer();

  const auto in_python = [&](const std::string& round_id,
                             const std::string& quantile) {
    return RunProgram({COMMONWAGE_PYTHON, "client/examples/python/figures.py",
                       service.server(), round_id, "platform", quantile},
                      {absl::StrCat("PYTHONPATH=", COMMONWAGE_PYTHON_MODULES),
                       "PYTHONDONTWRITEBYTECODE=1"});
  };
  // The lowest thousandth is off the grid, or may be.
  for (const auto& [quantile, said] :
       {std::pair("0.5", " to "), std::pair("0.001", " (... to ")}) {
    const ProgramResult shown =
        RunProgram({app_, "figure", service.server(), service.round_id(),
                    "platform", quantile});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("bolt-bike "));
    EXPECT_THAT(shown.out, HasSubstr(said));
    const ProgramResult same = in_python(service.round_id(), quantile);
    EXPECT_EQ(same.exit_code, 0) << same.err;
    EXPECT_EQ(same.out, shown.out);
  }

  // What is wrong is said field by field.
  for (const ProgramResult& wrong :
       {in_python(service.round_id(), "7"),
        RunProgram({app_, "figure", service.server(), service.round_id(),
                    "platform", "7"})}) {
    EXPECT_EQ(wrong.exit_code, 1);
    EXPECT_THAT(wrong.err, HasSubstr("\n  statistics.quantiles"));
  }
  const ProgramResult refused = in_python("no.such-round", "0.5");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, Not(HasSubstr("no.such-round")));
}

}  // namespace
}  // namespace commonwage
