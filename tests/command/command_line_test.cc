// SPDX-License-Identifier: Apache-2.0
#include "command/command_line.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "absl/status/status.h"
#include <gtest/gtest.h>

#include "base/error.h"

namespace commonwage::command {
namespace {

int RunProbe(CommandLine& program) {
  const char* const argv[] = {"commonwage", "probe"};
  return program.Run(2, argv);
}

TEST(CommandLineTest, KeepsItsMemoryToItselfWhileItRuns) {
  CommandLine program("commonwage", "Probes.");
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
  EXPECT_EQ(RunProbe(program), 0);
  EXPECT_TRUE(ran);
}

TEST(CommandLineTest, ForgetsWhatWasTypedBeforeItActs) {
  CommandLine program("commonwage", "Probes.");
  bool forgotten = false;
  program.OnParsed([&forgotten] { forgotten = true; });
  program.Add("probe", "Looks.", [&forgotten] {
    EXPECT_TRUE(forgotten);
    return absl::OkStatus();
  });
  EXPECT_EQ(RunProbe(program), 0);
}

TEST(CommandLineTest, APlanWithFaultsIsWrongUseOnlyOfWhoGaveIt) {
  for (const auto& [plans, code] :
       {std::pair(Plans::kGiven, 2), std::pair(Plans::kFetched, 1)}) {
    CommandLine program("commonwage", "Probes.", plans);
    program.Add("probe", "Looks.",
                [] { return Refusal(Reason::kPlanFaulty, "x"); });
    EXPECT_EQ(RunProbe(program), code);
  }
}

}  // namespace
}  // namespace commonwage::command
