// SPDX-License-Identifier: Apache-2.0
#include "survey/answer.h"

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::PlacesOf;
using testing::SampleAnswer;
using testing::SamplePlan;

using Entries = std::map<std::string, std::string>;

Entries GoodEntries() {
  return {{"platform", "other"}, {"region", "south"}, {"hourly_pay", "17.35"}};
}

TEST(AnswerCodecTest, ReadsBackWhatItWrote) {
  const std::string bytes = EncodeAnswer(SampleAnswer());
  EXPECT_EQ(bytes.size(), kAnswerSize);
  const auto answer = DecodeAnswer(bytes, SamplePlan());
  ASSERT_OK(answer);
  EXPECT_EQ(*answer, SampleAnswer());
}

TEST(AnswerCodecTest, HasOneSizeForAllAnswers) {
  Answer largest;
  largest.value_indexes.assign(kMaxDimensions, 4095);
  largest.minor_units.assign(kMaxMeasures, kMaxMinorUnits);
  EXPECT_EQ(EncodeAnswer(largest).size(), kAnswerSize);
  EXPECT_EQ(EncodeAnswer({}).size(), kAnswerSize);
}

TEST(AnswerCodecTest, RefusesAValueOutsideItsList) {
  const Answer answer{.value_indexes = {4, 1}, .minor_units = {1735}};
  EXPECT_THAT(DecodeAnswer(EncodeAnswer(answer), SamplePlan()),
              HasReason(Reason::kAnswerMalformed));
}

TEST(AnswerCodecTest, RefusesAnAmountThatNoAmountIs) {
  std::string bytes = EncodeAnswer(SampleAnswer());
  bytes[8] = '\xff';
  EXPECT_THAT(DecodeAnswer(bytes, SamplePlan()),
              HasReason(Reason::kAnswerMalformed));
  bytes[8] = '\x01';
  EXPECT_THAT(DecodeAnswer(bytes, SamplePlan()),
              HasReason(Reason::kAnswerMalformed));
}

TEST(AnswerCodecTest, RefusesAnAnswerToAnotherPlan) {
  Plan plan = SamplePlan();
  plan.dimensions.pop_back();
  EXPECT_THAT(DecodeAnswer(EncodeAnswer(SampleAnswer()), plan),
              HasReason(Reason::kAnswerMalformed));
}

TEST(AnswerCodecTest, RefusesTheZerosOfAWithdrawal) {
  EXPECT_THAT(DecodeAnswer(std::string(kAnswerSize, '\0'), SamplePlan()),
              HasReason(Reason::kAnswerMalformed));
}

TEST(AnswerCodecTest, RefusesEveryOtherSizeAndEveryTouchedPadding) {
  const std::string bytes = EncodeAnswer(SampleAnswer());
  const Plan plan = SamplePlan();
  EXPECT_FALSE(DecodeAnswer(bytes.substr(1), plan).ok());
  EXPECT_FALSE(DecodeAnswer(bytes + '\0', plan).ok());
  for (size_t i = 4 + 2 * 2 + 8; i < bytes.size(); ++i) {
    std::string touched = bytes;
    touched[i] = '\1';
    EXPECT_FALSE(DecodeAnswer(touched, plan).ok()) << i;
  }
}

TEST(MakeAnswerTest, TakesWhatAWorkerEnters) {
  const auto answer = MakeAnswer(SamplePlan(), GoodEntries());
  ASSERT_OK(answer);
  EXPECT_EQ(*answer, SampleAnswer());
}

TEST(MakeAnswerTest, ReadsAmountsInMajorUnits) {
  const std::map<std::string, int64_t> amounts = {
      {"17", 1700},      {"17.5", 1750},
      {"17.50", 1750},   {"0", 0},
      {"0.01", 1},       {"007", 700},
      {" 12.00 ", 1200}, {"10000000000000.00", kMaxMinorUnits}};
  for (const auto& [entered, expected] : amounts) {
    Entries entries = GoodEntries();
    entries["hourly_pay"] = entered;
    const auto answer = MakeAnswer(SamplePlan(), entries);
    ASSERT_OK(answer) << entered;
    EXPECT_EQ(answer->minor_units[0], expected) << entered;
  }
}

TEST(MakeAnswerTest, RefusesAmountsItWouldHaveToGuess) {
  for (const std::string entered :
       {"", "-5", "+5", "17.", ".5", "17.505", "1,700", "17,50", "1e3", "0x10",
        "17 50", "EUR 17", "17.5.0", "10000000000000.01",
        "99999999999999999999999999", "NaN", "\xd9\xa1\xd9\xa2"}) {
    Entries entries = GoodEntries();
    entries["hourly_pay"] = entered;
    const auto answer = MakeAnswer(SamplePlan(), entries);
    EXPECT_THAT(answer, HasReason(Reason::kAnswerRefused)) << entered;
    EXPECT_THAT(PlacesOf(answer.status()), ElementsAre("hourly_pay"))
        << entered;
  }
}

TEST(MakeAnswerTest, AsksForTheKindOfAmountThatTheRoundAsks) {
  Entries entries = GoodEntries();
  entries["hourly_pay"] = "a lot";
  EXPECT_EQ(FaultsOf(MakeAnswer(SamplePlan(), entries).status())[0].sentence,
            "Please give an amount in EUR for an hour, in digits, such as "
            "17.50.");
}

TEST(MakeAnswerTest, ListsTheChoicesForAValueOutsideTheList) {
  Entries entries = GoodEntries();
  entries["region"] = "east";
  EXPECT_EQ(FaultsOf(MakeAnswer(SamplePlan(), entries).status())[0].sentence,
            "Please choose one of: north, south, undisclosed.");
}

TEST(MakeAnswerTest, NamesEveryFieldThatIsMissing) {
  EXPECT_THAT(PlacesOf(MakeAnswer(SamplePlan(), {}).status()),
              ElementsAre("platform", "region", "hourly_pay"));
}

TEST(MakeAnswerTest, RefusesWhatTheRoundDoesNotAsk) {
  Entries entries = GoodEntries();
  entries["employer"] = "x";
  const auto answer = MakeAnswer(SamplePlan(), entries);
  EXPECT_THAT(answer, HasReason(Reason::kAnswerRefused));
  EXPECT_THAT(FaultsOf(answer.status())[0].sentence,
              HasSubstr("It asks: platform, region, hourly_pay."));
}

TEST(MakeAnswerTest, NeverRepeatsWhatWasEntered) {
  const Entries entries = {{"platform", "zebra"},
                           {"region", "zebra"},
                           {"hourly_pay", "zebra"},
                           {"zebra", "zebra"}};
  const absl::Status status = MakeAnswer(SamplePlan(), entries).status();
  EXPECT_FALSE(absl::StrContains(status.ToString(), "zebra"));
  for (const Fault& fault : FaultsOf(status)) {
    EXPECT_FALSE(absl::StrContains(fault.place, "zebra"));
    EXPECT_FALSE(absl::StrContains(fault.sentence, "zebra"));
  }
}

}  // namespace
}  // namespace commonwage
