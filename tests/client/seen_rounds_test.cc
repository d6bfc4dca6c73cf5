// SPDX-License-Identifier: Apache-2.0
// A worker's device that has seen one round of a survey, and is shown another
// by a steward whose vault was put back to before the first.
#include "client/seen_rounds.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/round_trust.h"
#include "client/submission.h"
#include "client/survey_record.h"
#include "survey/domain_labels.h"
#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using State = ParticipationStatus::State;

const EnteredAnswer kAnswer = {
    {"platform", "fast-food"}, {"region", "south"}, {"hourly_pay", "13.50"}};

constexpr int64_t kCap = 1'600'000;  // The sample plan's.
constexpr int64_t kLoss = 285'000;   // Of one of its rounds.
constexpr absl::Duration kLater = absl::Hours(1);

// The rounds of the sample plan's survey that a wallet remembers.
std::vector<std::string> SeenBy(const Participant& person) {
  const auto contents = person.wallet.Read();
  std::vector<std::string> seen;
  if (const SurveyRecord* survey = FindSurvey(contents->records, "couriers")) {
    const KnownRounds known = SeenEntries(*survey);
    for (const privacy::LedgerEntry& entry : known.entries) {
      seen.push_back(entry.round_id);
    }
  }
  return seen;
}

class SeenRoundsTest : public ::testing::Test {
 protected:
  // Visits `round` at a server that has nothing else.
  static absl::StatusOr<CheckedRound> VisitAt(const MadeRound& round,
                                              Participant& person) {
    FakeServer server(round);
    return VisitRound(server, person.wallet, round.Id(), {}, person.clock,
                      person.random);
  }

  static absl::StatusOr<ParticipationStatus> Submit(const MadeRound& round,
                                                    FakeServer& server,
                                                    Participant& person) {
    Participation there(person.wallet, server, "127.0.0.1:1", person.clock,
                        person.random);
    const auto visit = there.VisitRound(round.Id(), {});
    EXPECT_OK(visit);
    return there.Submit(visit->round, kAnswer, Participant::AtOnce());
  }

  const MadeRound first_ = MakeRound();
  // As the vault would make it that knows of no first one.
  const MadeRound raised_ = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = kCap + 1});
  const MadeRound beyond_ = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = 2 * kLoss - 1});
  const MadeRound honest_ = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = 2 * kLoss});
  FakeServer server_{first_};
  Participant person_{server_, 1};
};

TEST_F(SeenRoundsTest, WhatWasVisitedIsRememberedOnce) {
  ASSERT_OK(VisitAt(first_, person_));
  ASSERT_OK(VisitAt(first_, person_));
  EXPECT_THAT(SeenBy(person_), ::testing::ElementsAre("couriers.2026-q1"));
  const auto contents = person_.wallet.Read();
  const privacy::LedgerEntry entry =
      SeenEntries(*FindSurvey(contents->records, "couriers")).entries.front();
  EXPECT_EQ(entry.loss_micro_rho, kLoss);
  EXPECT_EQ(entry.cap_micro_rho, kCap);
  EXPECT_EQ(entry.opens_at, first_.manifest.plan.opens_at);
  EXPECT_EQ(entry.closes_at, first_.manifest.plan.closes_at);
  EXPECT_EQ(entry.manifest_hash, first_.manifest_hash);
}

TEST_F(SeenRoundsTest, ASurveyThatKeepsItsPromiseIsAnswered) {
  ASSERT_OK(VisitAt(first_, person_));
  FakeServer server(honest_);
  EXPECT_OK(Submit(honest_, server, person_));
}

TEST_F(SeenRoundsTest, ARaisedCapIsAnsweredByNothing) {
  ASSERT_OK(VisitAt(first_, person_));
  FakeServer server(raised_);
  const auto refused = Submit(raised_, server, person_);
  EXPECT_THAT(refused, HasReason(Reason::kPrivacyCapRaised));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("couriers.2026-q2 raises it"));
  EXPECT_THAT(server.Seen(), IsEmpty());
}

TEST_F(SeenRoundsTest, ASumOverTheCapIsAnsweredByNothing) {
  ASSERT_OK(VisitAt(first_, person_));
  FakeServer server(beyond_);
  EXPECT_THAT(Submit(beyond_, server, person_),
              HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(server.Seen(), IsEmpty());
  // Neither is the survey's next round: a fault stays.
  const MadeRound third = MakeRound({.round = "2026-q3",
                                     .later = 2 * kLater,
                                     .cap_micro_rho = 2 * kLoss - 1});
  EXPECT_THAT(VisitAt(third, person_)->round.promise,
              HasReason(Reason::kPrivacyCapExceeded));
}

TEST_F(SeenRoundsTest, ARoundAloneBeyondItsCapIsAnsweredByNothing) {
  const MadeRound alone = MakeRound({.cap_micro_rho = kLoss - 1});
  FakeServer server(alone);
  EXPECT_THAT(Submit(alone, server, person_),
              HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(LookAtRound(server, alone.Id(), {})->promise,
              HasReason(Reason::kPrivacyCapExceeded));
}

TEST_F(SeenRoundsTest,
       TwoManifestsOfOneRoundAreNoticedThoughNeitherWasVisited) {
  // A list showed the one, and another server now shows the other.
  const MadeRound other = MakeRound(
      {.round = "2026-q2", .later = kLater, .cap_micro_rho = kCap - 1});
  server_.other_rounds = {honest_.ToProto(v1::ROUND_STATE_CREATED)};
  ASSERT_OK(person_.participation.VisitRound(first_.Id(), {}));
  EXPECT_THAT(SeenBy(person_), SizeIs(2));
  FakeServer server(other);
  EXPECT_THAT(Submit(other, server, person_), HasReason(Reason::kTwoManifests));
  EXPECT_THAT(server.Seen(), IsEmpty());
}

TEST_F(SeenRoundsTest, WhoHasSeenNothingGoesByTheServersList) {
  FakeServer server(beyond_);
  server.other_rounds = {first_.ToProto(v1::ROUND_STATE_ERASED)};
  // Before there is a wallet, and in a new one.
  EXPECT_THAT(LookAtRound(server, beyond_.Id(), {})->promise,
              HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(Submit(beyond_, server, person_),
              HasReason(Reason::kPrivacyCapExceeded));
  // The list is gone, the memory is not.
  server.other_rounds.clear();
  EXPECT_THAT(Submit(beyond_, server, person_),
              HasReason(Reason::kPrivacyCapExceeded));
}

TEST_F(SeenRoundsTest, AForgetfulRoundIsRememberedAsARoundOfItsSurvey) {
  SubmitOptions choices = Participant::AtOnce();
  choices.forgetful = true;
  const auto visit = person_.participation.VisitRound(first_.Id(), choices);
  ASSERT_OK(visit);
  ASSERT_OK(person_.participation.Submit(visit->round, kAnswer, choices));
  EXPECT_EQ(person_.Record(first_.Id()).forgotten(), true);
  FakeServer server(beyond_);
  EXPECT_THAT(Submit(beyond_, server, person_),
              HasReason(Reason::kPrivacyCapExceeded));
}

TEST_F(SeenRoundsTest, WhatAStrangerSignedSaysNothingOfTheSurvey) {
  const MadeRound stranger = MakeRound({.seed = 99,
                                        .round = "2025-q4",
                                        .later = -kLater,
                                        .cap_micro_rho = kLoss});
  v1::Round unsigned_round = raised_.ToProto(v1::ROUND_STATE_CREATED);
  unsigned_round.mutable_signed_manifest()->clear_signatures();
  server_.other_rounds = {stranger.ToProto(v1::ROUND_STATE_OPEN),
                          unsigned_round, v1::Round()};
  EXPECT_OK(Submit(first_, server_, person_));
  EXPECT_THAT(SeenBy(person_), ::testing::ElementsAre("couriers.2026-q1"));
}

TEST_F(SeenRoundsTest, AServerThatListsNothingCostsNothingButWhatItHides) {
  // The same page for ever.
  server_.page_token = "more";
  EXPECT_OK(Submit(first_, server_, person_));
}

TEST_F(SeenRoundsTest, AnAnswerCanBeTakenBackWhateverTheSurveyHasDone) {
  ASSERT_OK(Submit(first_, server_, person_));
  ASSERT_OK(VisitAt(raised_, person_));
  const auto visit = person_.participation.VisitRound(first_.Id(), {});
  ASSERT_OK(visit);
  EXPECT_THAT(visit->round.promise, HasReason(Reason::kPrivacyCapRaised));
  EXPECT_THAT(std::string(visit->round.promise.message()),
              HasSubstr("`commonwage withdraw`"));
  EXPECT_THAT(person_.participation.Amend(visit->round, kAnswer),
              HasReason(Reason::kPrivacyCapRaised));
  const auto withdrawn = person_.participation.Withdraw(visit->round);
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->state, State::kWithdrawn);
}

TEST_F(SeenRoundsTest, WithTheServerAwayTheWalletsMemoryCounts) {
  ASSERT_OK(VisitAt(first_, person_));
  ASSERT_OK(VisitAt(raised_, person_));
  FakeServer away(first_);
  away.failure = Refusal(Reason::kServerUnreachable, "Away.");
  const auto visit = VisitRound(away, person_.wallet, first_.Id(), {},
                                person_.clock, person_.random);
  ASSERT_OK(visit);
  EXPECT_TRUE(visit->server_away);
  EXPECT_THAT(visit->round.promise, HasReason(Reason::kPrivacyCapRaised));
}

TEST_F(SeenRoundsTest, AWalletKeepsSoManyRoundsAndThenAnswersNoMore) {
  SurveyRecord survey;
  survey.set_survey("couriers");
  KnownRounds known;
  for (size_t i = 0; i <= kMaxSeenRounds; ++i) {
    privacy::LedgerEntry entry;
    entry.survey = "couriers";
    entry.round_id = absl::StrCat("couriers.r", i);
    std::string hash(ManifestHash::kSize, '\0');
    hash[0] = static_cast<char>(i);
    hash[1] = static_cast<char>(i >> 8U);
    entry.manifest_hash = *ManifestHash::From(hash);
    known.entries.push_back(entry);
  }
  RememberSeen(known, survey);
  EXPECT_EQ(static_cast<size_t>(survey.seen_size()), kMaxSeenRounds);
  EXPECT_OK(CheckPromise(SeenEntries(survey)));
  EXPECT_THAT(CheckPromise(known), HasReason(Reason::kRoundsTooMany));
  // Small enough for a wallet of 16 MiB.
  EXPECT_LT(survey.ByteSizeLong(), size_t{1} << 20U);
}

TEST_F(SeenRoundsTest, RoundsThatAreListedTogetherAreHeldTogether) {
  std::vector<TrustedRound> rounds;
  for (const MadeRound& round :
       {MakeRound(),
        MakeRound(
            {.round = "2026-q2", .later = kLater, .cap_micro_rho = kCap + 1}),
        MakeRound({.seed = 99})}) {
    rounds.push_back(
        *CheckRound(round.ToProto(v1::ROUND_STATE_OPEN), round.Id(), {}));
    EXPECT_OK(rounds.back().promise);
  }
  HoldTogether(rounds);
  EXPECT_THAT(rounds[0].promise, HasReason(Reason::kPrivacyCapRaised));
  EXPECT_THAT(rounds[1].promise, HasReason(Reason::kPrivacyCapRaised));
  EXPECT_OK(rounds[2].promise);
}

}  // namespace
}  // namespace commonwage::client
