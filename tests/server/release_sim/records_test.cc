// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/records.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::release_sim {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::SamplePlanJson;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Plan SamplePlan() {
  auto plan = ParsePlan(SamplePlanJson());
  EXPECT_OK(plan);
  return *plan;
}

absl::StatusOr<privacy::noise::Tally> TallyOf(std::string csv) {
  return TallyOfRecords(SamplePlan(),
                        [csv = std::move(csv)]() mutable -> std::string {
                          return std::exchange(csv, "");
                        });
}

std::string MessageOf(const std::string& csv) {
  return std::string(TallyOf(csv).status().message());
}

TEST(RecordsTest, CountsRowsWhateverTheOrderOfColumns) {
  const auto tally = TallyOf(
      "note,hourly_pay,region,platform\nx,999,south,other\n"
      ",100,north,fast-food\n\"a,b\",99999,north,fast-food\n");
  ASSERT_OK(tally);
  EXPECT_EQ(tally->answers(), 3);
  EXPECT_EQ(tally->BinCounts(0, 2)[4], 1);
  EXPECT_EQ(tally->BinCounts(0, 1).front(), 1);
  EXPECT_EQ(tally->BinCounts(0, 1).back(), 1);
  EXPECT_EQ(tally->BinCounts(1, 1 * 3).back(), 1);
}

TEST(RecordsTest, AcceptsAFileWithoutRows) {
  const auto tally = TallyOf("platform,region,hourly_pay\n");
  ASSERT_OK(tally);
  EXPECT_EQ(tally->answers(), 0);
}

TEST(RecordsTest, NamesLineAndColumnOfAnUnknownValueWithoutRepeatingIt) {
  const std::string csv =
      "platform,region,hourly_pay\nother,south,1000\nother,mars,1000\n";
  EXPECT_THAT(TallyOf(csv), HasReason(Reason::kRecordsFaulty));
  EXPECT_THAT(MessageOf(csv), AllOf(HasSubstr("Line 3"), HasSubstr("region"),
                                    Not(HasSubstr("mars"))));
}

TEST(RecordsTest, NamesLineAndColumnOfWhatIsNoWholeNumber) {
  for (const char* pay : {"", "17.50", "1e3", "abc", "99999999999999999999"}) {
    const std::string csv =
        std::string("platform,region,hourly_pay\nother,south,") + pay + "\n";
    EXPECT_THAT(MessageOf(csv),
                AllOf(HasSubstr("Line 2"), HasSubstr("hourly_pay")))
        << pay;
  }
}

TEST(RecordsTest, NamesAMissingOrDoubledColumn) {
  EXPECT_THAT(MessageOf("platform,hourly_pay\n"), HasSubstr("\"region\""));
  EXPECT_THAT(MessageOf("platform,region\n"), HasSubstr("\"hourly_pay\""));
  EXPECT_THAT(MessageOf("platform,region,region,hourly_pay\n"),
              HasSubstr("twice"));
  EXPECT_THAT(TallyOf(""), HasReason(Reason::kRecordsFaulty));
}

TEST(RecordsTest, NamesTheLineOfARowThatIsTooShortOrTooLong) {
  EXPECT_THAT(MessageOf("platform,region,hourly_pay\nother,south\n"),
              HasSubstr("Line 2"));
  EXPECT_THAT(MessageOf("platform,region,hourly_pay\nother,south,1,2\n"),
              HasSubstr("Line 2"));
}

TEST(RecordsTest, ReadsOpenRecordsWithColumnsThatThePlanDoesNotName) {
  const auto tally =
      TallyOf("id,platform,region,hourly_pay\r\n1,other,undisclosed,1234\r\n");
  ASSERT_OK(tally);
  EXPECT_EQ(tally->answers(), 1);
}

}  // namespace
}  // namespace commonwage::server::release_sim
