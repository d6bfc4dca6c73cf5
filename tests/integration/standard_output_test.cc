// SPDX-License-Identifier: Apache-2.0
// A program whose words were lost says so: what was written to a full disk, or
// to nobody, ends with 1, whatever the program.

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/program.h"

namespace commonwage {
namespace {

using ::testing::HasSubstr;

class StandardOutputTest : public ::testing::TestWithParam<std::string> {
 protected:
  // Runs the program with its standard output where the shell puts it.
  static testing::ProgramResult Run(const std::string& arguments,
                                    const std::string& output) {
    return testing::RunProgram(
        {"/bin/sh", "-c",
         absl::StrCat("exec " COMMONWAGE_BIN_DIR "/", GetParam(), " ",
                      arguments, " ", output)});
  }
};

TEST_P(StandardOutputTest, IsLostOnAFullDiskAndThatIsSaid) {
  const testing::ProgramResult full = Run("--help", "> /dev/full");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, HasSubstr("standard output"));
  EXPECT_THAT(full.err, HasSubstr("the disk is full"));
  EXPECT_EQ(Run("--help", "> /dev/null").exit_code, 0);
}

TEST_P(StandardOutputTest, IsClosedAndThatIsSaid) {
  const testing::ProgramResult closed = Run("--help", ">&-");
  EXPECT_EQ(closed.exit_code, 1);
  EXPECT_THAT(closed.err, HasSubstr("standard output"));
}

INSTANTIATE_TEST_SUITE_P(Programs, StandardOutputTest,
                         ::testing::Values("commonwaged", "commonwage-admin",
                                           "commonwage-steward",
                                           "commonwage-issuer", "commonwage",
                                           "commonwage-release-sim"),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(PlanToAFullDiskTest, EndsWithOne) {
  const testing::ProgramResult full = testing::RunProgram(
      {"/bin/sh", "-c",
       "exec " COMMONWAGE_BIN_DIR
       "/commonwage-steward plan new --template couriers > /dev/full"});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, HasSubstr("the disk is full"));
}

}  // namespace
}  // namespace commonwage
