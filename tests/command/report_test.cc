// SPDX-License-Identifier: Apache-2.0
#include "command/report.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "command/json_output.h"
#include "command/progress.h"
#include "command/times.h"
#include "commonwage/v1/command_output.pb.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::command {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

TEST(ReportTest, GivesEachKindOfEndItsExitCode) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("x")), 1);
  EXPECT_EQ(ExitCodeOf(Refusal(Reason::kUnknownRound, "x")), 1);
  EXPECT_EQ(ExitCodeOf(WrongUse("x")), 2);
  EXPECT_EQ(ExitCodeOf(RefusalOfFields(Reason::kPlanFaulty, "x", {})), 2);
}

TEST(ReportTest, PrintsASentenceAndALinePerFault) {
  const absl::Status status = RefusalOfFields(
      Reason::kPlanFaulty, "Two faults.",
      {{"k", "This must be 2 or more."}, {"", "No\nsurvey\x1b[1m."}});
  EXPECT_EQ(FailureText("program", status),
            "program: Two faults.\n"
            "k: This must be 2 or more.\n"
            "No survey [1m.\n");
}

TEST(ReportTest, PrintsJsonWithTheNamesOfTheProtoAndZeroValues) {
  v1::PublishReport report;
  report.set_round_id("a.b");
  const std::string json = JsonText(report);
  EXPECT_THAT(json, HasSubstr("\"round_id\": \"a.b\""));
  EXPECT_THAT(json, HasSubstr("\"repeated_release\": false"));
  EXPECT_EQ(json.back(), '\n');
}

TEST(ProgressTest, DrawsABarOnATerminalAndEndsItsLine) {
  std::ostringstream out;
  {
    Progress progress("Opening", ProgressStyle::kBar, out);
    progress.Show(0, 200);
    progress.Show(1, 200);
    progress.Show(100, 200);
    progress.Show(200, 200);
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 3);
  EXPECT_THAT(text, HasSubstr("Opening [####################...."));
  EXPECT_THAT(text, HasSubstr("100 %\n"));
}

TEST(ProgressTest, PrintsALinePerTenthElsewhereAndNothingUnlessWanted) {
  std::ostringstream lines;
  std::ostringstream nothing;
  Progress shown("Opening", ProgressStyle::kLines, lines);
  Progress hidden("Opening", ProgressStyle::kNone, nothing);
  for (uint64_t done = 0; done <= 1000; ++done) {
    shown.Show(done, 1000);
    hidden.Show(done, 1000);
  }
  const std::string text = lines.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_EQ(nothing.str(), "");
}

TEST(ProgressTest, IsDoneWhenThereIsNothingToDo) {
  std::ostringstream out;
  Progress progress("Opening", ProgressStyle::kLines, out);
  progress.Show(0, 0);
  EXPECT_EQ(out.str(), "Opening: 100 %\n");
}

TEST(TimesTest, ReadsATimeWithItsZone) {
  const auto time = ParseTimeOption("opens-at", "2026-01-01T01:00:00+01:00");
  ASSERT_OK(time);
  ASSERT_TRUE(time->has_value());
  EXPECT_EQ(TimeText(**time), "2026-01-01T00:00:00Z");
  const auto nothing = ParseTimeOption("opens-at", "");
  ASSERT_OK(nothing);
  EXPECT_FALSE(nothing->has_value());
  EXPECT_THAT(ParseTimeOption("opens-at", "tomorrow"),
              HasReason(Reason::kWrongUse));
}

}  // namespace
}  // namespace commonwage::command
