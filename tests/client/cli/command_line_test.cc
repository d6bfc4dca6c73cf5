// SPDX-License-Identifier: Apache-2.0
#include "client/cli/command_line.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "absl/status/status.h"
#include <gtest/gtest.h>

#include "client/cli/given_answers.h"

namespace commonwage::client::cli {
namespace {

TEST(CommandLineTest, KeepsItsMemoryToItselfWhileItRuns) {
  CommandLine program;
  bool ran = false;
  program.Add("probe", "Looks.", [&ran] {
    ran = true;
    EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    rlimit core = {};
    EXPECT_EQ(getrlimit(RLIMIT_CORE, &core), 0);
    EXPECT_EQ(core.rlim_cur, 0U);
    EXPECT_EQ(core.rlim_max, 0U);
    return absl::OkStatus();
  });
  const char* const argv[] = {"commonwage", "probe"};
  EXPECT_EQ(program.Run(2, argv), 0);
  EXPECT_TRUE(ran);
}

TEST(CommandLineTest, OverwritesWhatTheParserKeepsOfAnAnswer) {
  CLI::App app;
  AnswerOptions options;
  options.AddTo(app);
  const char* const argv[] = {"commonwage", "--answer", "annual_pay=52000"};
  app.parse(3, argv);
  ASSERT_EQ(options.option->results().front(), "annual_pay=52000");
  const char* const kept = options.option->results().front().data();
  options.Wipe();
  EXPECT_EQ(options.answers.front(), "");
  EXPECT_EQ(options.option->results().front(), "");
  // Where it was, nothing of it is left.
  EXPECT_EQ(kept[1], '\0');

  GivenAnswers given = {{"annual_pay", "52000"}};
  WipeAnswers(given);
  EXPECT_EQ(given.at("annual_pay"), "");
}

}  // namespace
}  // namespace commonwage::client::cli
