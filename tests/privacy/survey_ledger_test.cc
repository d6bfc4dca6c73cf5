// SPDX-License-Identifier: Apache-2.0
#include "privacy/survey_ledger.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = LedgerFaultKind;

ManifestHash HashOf(uint64_t number) {
  std::string bytes(ManifestHash::kSize, '\0');
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(number >> (8 * i));
  }
  return *ManifestHash::From(bytes);
}

absl::Time Month(int month) {
  return absl::FromCivil(absl::CivilDay(2026, month, 1), absl::UTCTimeZone());
}

// The round of one month; two calls with the same month are the same round.
LedgerEntry Round(int month, int64_t loss, int64_t cap, uint64_t hash = 0) {
  LedgerEntry entry;
  entry.survey = "pay";
  entry.round_id = "pay.m" + std::to_string(month);
  entry.manifest_hash = HashOf(hash != 0 ? hash : static_cast<uint64_t>(month));
  entry.opens_at = Month(month);
  entry.closes_at = Month(month + 1);
  entry.loss_micro_rho = loss;
  entry.cap_micro_rho = cap;
  return entry;
}

SurveyLedger LedgerOf(std::vector<LedgerEntry> entries,
                      const absl::flat_hash_set<ManifestHash>& cancelled = {}) {
  std::vector<SurveyLedger> ledgers = LedgersOf(std::move(entries), cancelled);
  EXPECT_EQ(ledgers.size(), 1U);
  return ledgers.front();
}

std::vector<Kind> FaultsOf(const SurveyLedger& ledger) {
  std::vector<Kind> kinds;
  for (const LedgerFault& fault : ledger.faults) {
    kinds.push_back(fault.kind);
  }
  return kinds;
}

TEST(SurveyLedgerTest, SumsTheRoundsAndSaysWhatIsLeft) {
  const SurveyLedger ledger =
      LedgerOf({Round(2, 300, 1000), Round(1, 200, 1000)});
  EXPECT_EQ(ledger.survey, "pay");
  EXPECT_EQ(ledger.cap_micro_rho, 1000);
  EXPECT_EQ(ledger.spent_micro_rho, 500);
  EXPECT_EQ(ledger.left_micro_rho, 500);
  EXPECT_THAT(ledger.faults, IsEmpty());
  EXPECT_THAT(ledger.entries,
              ElementsAre(Round(1, 200, 1000), Round(2, 300, 1000)));
}

TEST(SurveyLedgerTest, ReachingTheCapIsNoFaultAndOneMoreIs) {
  EXPECT_THAT(FaultsOf(LedgerOf({Round(1, 600, 1000), Round(2, 400, 1000)})),
              IsEmpty());
  const SurveyLedger over =
      LedgerOf({Round(1, 600, 1000), Round(2, 401, 1000), Round(3, 1, 1000)});
  EXPECT_THAT(FaultsOf(over), ElementsAre(Kind::kCapExceeded));
  EXPECT_EQ(over.entries[over.faults[0].entry].round_id, "pay.m2");
  EXPECT_EQ(over.left_micro_rho, 0);
}

TEST(SurveyLedgerTest, ACapMayFallAndThenBindsTheEarlierRoundsToo) {
  EXPECT_THAT(FaultsOf(LedgerOf({Round(1, 400, 1000), Round(2, 100, 500)})),
              IsEmpty());
  EXPECT_THAT(FaultsOf(LedgerOf({Round(1, 400, 1000), Round(2, 101, 500)})),
              ElementsAre(Kind::kCapExceeded));
}

TEST(SurveyLedgerTest, ACapAboveOneOfAnEarlierRoundIsAFault) {
  const SurveyLedger raised =
      LedgerOf({Round(1, 1, 1000), Round(2, 1, 800), Round(3, 1, 900)});
  EXPECT_THAT(FaultsOf(raised), ElementsAre(Kind::kCapRaised));
  EXPECT_EQ(raised.entries[raised.faults[0].entry].round_id, "pay.m3");
  // The least that was ever promised is what binds.
  EXPECT_EQ(raised.cap_micro_rho, 800);
}

TEST(SurveyLedgerTest, TheOrderOfOpeningDecidesWhichCapIsTheLater) {
  // The same two, the other way round: a cap that falls.
  EXPECT_THAT(FaultsOf(LedgerOf({Round(2, 1, 800), Round(1, 1, 900)})),
              IsEmpty());
  // Same opening: the closing decides; same closing: the name.
  LedgerEntry longer = Round(1, 1, 900, 2);
  longer.round_id = "pay.a";
  longer.closes_at = Month(3);
  EXPECT_THAT(FaultsOf(LedgerOf({Round(1, 1, 800), longer})),
              ElementsAre(Kind::kCapRaised));
  LedgerEntry later_name = Round(1, 1, 900, 2);
  later_name.round_id = "pay.z";
  EXPECT_THAT(FaultsOf(LedgerOf({Round(1, 1, 800), later_name})),
              ElementsAre(Kind::kCapRaised));
}

TEST(SurveyLedgerTest, TheSameManifestTwiceCountsOnce) {
  const SurveyLedger ledger =
      LedgerOf({Round(1, 600, 1000), Round(1, 600, 1000)});
  EXPECT_EQ(ledger.spent_micro_rho, 600);
  EXPECT_THAT(ledger.faults, IsEmpty());
}

TEST(SurveyLedgerTest, TwoManifestsOfOneRoundAreAFaultAndBothCount) {
  const SurveyLedger ledger =
      LedgerOf({Round(1, 200, 1000, 7), Round(1, 300, 1000, 8)});
  EXPECT_THAT(FaultsOf(ledger), ElementsAre(Kind::kTwoManifests));
  EXPECT_EQ(ledger.spent_micro_rho, 500);
  // Also if the dates were changed.
  LedgerEntry moved = Round(5, 200, 1000, 9);
  moved.round_id = "pay.m1";
  EXPECT_THAT(FaultsOf(LedgerOf({Round(1, 200, 1000, 7), moved})),
              ElementsAre(Kind::kTwoManifests));
}

TEST(SurveyLedgerTest, OneNameSpeltByTwoSurveysIsOneRound) {
  // "pay.m1" of "pay", and of a survey whose name has a dot.
  LedgerEntry first = Round(1, 1, 10, 7);
  first.round_id = "pay.a.b";
  LedgerEntry second = first;
  second.survey = "pay.a";
  second.manifest_hash = HashOf(8);
  const std::vector<SurveyLedger> ledgers = LedgersOf({first, second});
  ASSERT_EQ(ledgers.size(), 2U);
  EXPECT_EQ(ledgers[0].faults.size() + ledgers[1].faults.size(), 1U);
}

TEST(SurveyLedgerTest, EachSurveyHasAnAccountOfItsOwn) {
  LedgerEntry other = Round(1, 900, 1000, 50);
  other.survey = "hours";
  other.round_id = "hours.m1";
  const std::vector<SurveyLedger> ledgers =
      LedgersOf({Round(1, 900, 1000), other});
  ASSERT_EQ(ledgers.size(), 2U);
  EXPECT_EQ(ledgers[0].survey, "hours");
  EXPECT_EQ(ledgers[1].survey, "pay");
  EXPECT_THAT(ledgers[0].faults, IsEmpty());
  EXPECT_THAT(ledgers[1].faults, IsEmpty());
}

TEST(SurveyLedgerTest, ACancelledRoundCostsNothingButItsNameAndCapStay) {
  const absl::flat_hash_set<ManifestHash> cancelled = {HashOf(1)};
  const SurveyLedger ledger =
      LedgerOf({Round(1, 600, 1000), Round(2, 600, 1000)}, cancelled);
  EXPECT_EQ(ledger.spent_micro_rho, 600);
  EXPECT_THAT(ledger.faults, IsEmpty());
  EXPECT_THAT(
      FaultsOf(LedgerOf({Round(1, 1, 500), Round(2, 1, 600)}, cancelled)),
      ElementsAre(Kind::kCapRaised));
  EXPECT_THAT(
      FaultsOf(LedgerOf({Round(1, 1, 500), Round(1, 1, 500, 9)}, cancelled)),
      ElementsAre(Kind::kTwoManifests));
}

TEST(SurveyLedgerTest, HugeAndNegativeNumbersWinNothing) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const SurveyLedger huge =
      LedgerOf({Round(1, kMost, 1000), Round(2, kMost, 1000)});
  EXPECT_EQ(huge.spent_micro_rho, kMost);
  EXPECT_THAT(FaultsOf(huge), ElementsAre(Kind::kCapExceeded));
  const SurveyLedger negative =
      LedgerOf({Round(1, 900, 1000), Round(2, -500, 1000)});
  EXPECT_EQ(negative.spent_micro_rho, 900);
  EXPECT_EQ(LedgerOf({Round(1, 0, -5)}).cap_micro_rho, 0);
}

TEST(SurveyLedgerTest, NothingGivesNoAccount) {
  EXPECT_THAT(LedgersOf({}), IsEmpty());
}

TEST(SurveyLedgerTest, EveryDoorHasTheSameReasons) {
  EXPECT_EQ(ReasonFor(Kind::kTwoManifests), Reason::kTwoManifests);
  EXPECT_EQ(ReasonFor(Kind::kCapRaised), Reason::kPrivacyCapRaised);
  EXPECT_EQ(ReasonFor(Kind::kCapExceeded), Reason::kPrivacyCapExceeded);
}

// Who sees fewer manifests never refuses what who sees more would allow, and
// what was refused once stays refused.
TEST(SurveyLedgerTest, AFaultOfAPartIsAFaultOfTheWholeInWhateverOrder) {
  commonwage::testing::SeededRandom random(5);
  const auto draw = [&random](uint64_t below) {
    uint8_t byte = 0;
    random.Fill(absl::MakeSpan(&byte, 1));
    return byte % below;
  };
  for (int trial = 0; trial < 2000; ++trial) {
    std::vector<LedgerEntry> entries;
    std::vector<Kind> before;
    for (uint64_t i = 0; i < 6; ++i) {
      const bool again = !entries.empty() && draw(4) == 0;
      entries.push_back(again ? entries[draw(entries.size())]
                              : Round(1 + static_cast<int>(draw(5)),
                                      static_cast<int64_t>(draw(40)),
                                      80 + static_cast<int64_t>(draw(20)),
                                      100 + i));
      std::swap(entries[draw(entries.size())], entries.back());
      const std::vector<Kind> now = FaultsOf(LedgerOf(entries));
      for (const Kind kind : before) {
        EXPECT_THAT(now, ::testing::Contains(kind));
      }
      before = now;
      std::vector<LedgerEntry> reversed(entries.rbegin(), entries.rend());
      EXPECT_EQ(FaultsOf(LedgerOf(reversed)), now);
    }
  }
}

}  // namespace
}  // namespace commonwage::privacy
