// SPDX-License-Identifier: Apache-2.0
// Every command that writes a file where somebody says, killed at each system
// call that changes something there: the old file is there or the whole new
// one, and the next run removes what is left.

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/output_commands.h"
#include "tests/integration/output_fixture.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/traced_program.h"

namespace commonwage {
namespace {

using testing::FileContents;

class OutputKillTest : public OutputFixture {};

TEST_P(OutputKillTest, AKillAtEachSystemCall) {
  if (!IsRoot()) {
    GTEST_SKIP() << "SKIPPED: only root can look into a hardened program";
  }
  PutOld(place_);
  int call = 1;
  while (
      testing::RunAndKillAtCall(Forced(command_.write(place_)), kMarker, call)
          .killed) {
    const std::string after_kill = FileContents(place_).value_or("nothing");
    ExpectReplaced(place_);
    if (after_kill != kOld) {
      EXPECT_EQ(after_kill, FileContents(place_)) << call;
    }
    command_ = world->Command(GetParam());
    PutOld(place_);
    ++call;
  }
  // Made, written, opened up, synced, put in place, its directory synced.
  EXPECT_GE(call, 7);
  ExpectReplaced(place_);
}

INSTANTIATE_TEST_SUITE_P(Commands, OutputKillTest,
                         ::testing::ValuesIn(OutputWorld::Names()), NameOfRow);

}  // namespace
}  // namespace commonwage
