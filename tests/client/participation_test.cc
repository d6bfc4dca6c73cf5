// SPDX-License-Identifier: Apache-2.0
#include "client/participation.h"

#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/submission.h"
#include "crypto/fingerprint.h"
#include "crypto/opening/opening_key.h"
#include "survey/domain_labels.h"
#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::InMidRound;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using State = ParticipationStatus::State;

const EnteredAnswer kAnswer = {
    {"platform", "fast-food"}, {"region", "south"}, {"hourly_pay", "13.50"}};
const EnteredAnswer kOtherAnswer = {
    {"platform", "other"}, {"region", "north"}, {"hourly_pay", "9"}};

class ParticipationTest : public ::testing::Test {
 protected:
  TrustedRound Visit(Participant& person) {
    const auto visit = person.participation.VisitRound(id_, {});
    EXPECT_OK(visit);
    return visit->round;
  }

  absl::StatusOr<ParticipationStatus> Submit(
      Participant& person, const EnteredAnswer& answer = kAnswer) {
    return person.participation.Submit(Visit(person), answer,
                                       Participant::AtOnce());
  }

  // What the server has of the only person, opened.
  Answer StoredAnswer() {
    const auto stored = server_.Stored();
    EXPECT_THAT(stored, SizeIs(1));
    const auto frame = FrameView::Parse(stored.begin()->second);
    const auto plain = crypto::opening::Open(
        round_.opening_key, frame->enc(),
        absl::StrCat(kSealLabel, round_.manifest_hash.view()), frame->aad(),
        frame->ciphertext());
    return *DecodeAnswer(*plain, round_.manifest.plan);
  }

  const MadeRound round_ = MakeRound();
  const std::string id_ = round_.Id();
  FakeServer server_{round_};
  Participant person_{server_, 1};
};

TEST_F(ParticipationTest, AnAnswerArrivesAndTheReceiptIsKept) {
  const auto standing = Submit(person_);
  ASSERT_OK(standing);
  EXPECT_EQ(standing->state, State::kStored);
  EXPECT_EQ(StoredAnswer(), (Answer{{1, 1}, {1350}}));
  const RoundRecord record = person_.Record(id_);
  EXPECT_FALSE(record.has_waiting());
  EXPECT_EQ(DeriveStatus(id_, &record)->state, State::kStored);
}

TEST_F(ParticipationTest, ASecondAnswerIsRefusedWithTheWayToChangeTheFirst) {
  ASSERT_OK(Submit(person_));
  const auto second = Submit(person_, kOtherAnswer);
  EXPECT_THAT(second, HasReason(Reason::kAlreadyAnswered));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("amend"));
  EXPECT_EQ(StoredAnswer(), (Answer{{1, 1}, {1350}}));
}

TEST_F(ParticipationTest, AmendReplacesAndWithdrawIsFinal) {
  ASSERT_OK(Submit(person_));
  const auto amended =
      person_.participation.Amend(Visit(person_), kOtherAnswer);
  ASSERT_OK(amended);
  EXPECT_EQ(amended->state, State::kStored);
  EXPECT_EQ(amended->sequence, 1U);
  EXPECT_EQ(StoredAnswer(), (Answer{{2, 0}, {900}}));

  const auto withdrawn = person_.participation.Withdraw(Visit(person_));
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->state, State::kWithdrawn);
  EXPECT_EQ(withdrawn->sequence, 2U);
  EXPECT_EQ(server_.Stored().begin()->second, "");

  EXPECT_THAT(person_.participation.Withdraw(Visit(person_)),
              HasReason(Reason::kAlreadyWithdrawn));
  EXPECT_THAT(person_.participation.Amend(Visit(person_), kAnswer),
              HasReason(Reason::kAlreadyWithdrawn));
  EXPECT_THAT(Submit(person_), HasReason(Reason::kAlreadyWithdrawn));
}

TEST_F(ParticipationTest, ChangingWhatWasNeverSentIsRefused) {
  EXPECT_THAT(person_.participation.Amend(Visit(person_), kAnswer),
              HasReason(Reason::kNothingToAmend));
  EXPECT_THAT(person_.participation.Withdraw(Visit(person_)),
              HasReason(Reason::kNothingToAmend));
  EXPECT_FALSE(person_.Record(id_).has_waiting());
}

TEST_F(ParticipationTest, AValueOutsideTheListsIsRefusedAndNotRepeated) {
  EnteredAnswer wrong = kAnswer;
  wrong["platform"] = "secret-employer";
  const auto refused = Submit(person_, wrong);
  EXPECT_THAT(refused, HasReason(Reason::kAnswerRefused));
  EXPECT_THAT(refused.status().ToString(), Not(HasSubstr("secret-employer")));
  EXPECT_THAT(server_.Seen(), SizeIs(0));
}

TEST_F(ParticipationTest, WhenTheServerIsDownTheAnswerIsKeptAndResumed) {
  const TrustedRound round = Visit(person_);
  server_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  const auto failed =
      person_.participation.Submit(round, kAnswer, Participant::AtOnce());
  EXPECT_THAT(failed, HasReason(Reason::kServerUnreachable));
  EXPECT_THAT(std::string(failed.status().message()), HasSubstr("kept"));
  EXPECT_TRUE(person_.Record(id_).has_waiting());

  server_.failure = absl::OkStatus();
  const auto resumed = person_.participation.Resume(id_, false);
  ASSERT_OK(resumed);
  EXPECT_EQ(resumed->state, State::kStored);
  EXPECT_EQ(StoredAnswer(), (Answer{{1, 1}, {1350}}));
}

TEST_F(ParticipationTest, ALostAnswerOfTheServerLosesAndDoublesNothing) {
  server_.lose_answers = true;
  EXPECT_THAT(Submit(person_), HasReason(Reason::kServerUnreachable));
  server_.lose_answers = false;
  const auto resumed = person_.participation.Resume(id_, false);
  ASSERT_OK(resumed);
  EXPECT_EQ(resumed->state, State::kStored);
  EXPECT_THAT(server_.Stored(), SizeIs(1));
  EXPECT_EQ(server_.Seen()[0], server_.Seen()[1]);
}

TEST_F(ParticipationTest, AmendAfterALostAnswerFirstFetchesTheReceipt) {
  server_.lose_answers = true;
  EXPECT_FALSE(Submit(person_).ok());
  server_.lose_answers = false;
  const auto amended =
      person_.participation.Amend(Visit(person_), kOtherAnswer);
  ASSERT_OK(amended);
  EXPECT_EQ(amended->sequence, 1U);
  EXPECT_EQ(StoredAnswer(), (Answer{{2, 0}, {900}}));
}

TEST_F(ParticipationTest, AForgedReceiptIsRefusedAndTheAnswerKept) {
  server_.forge_receipts = true;
  EXPECT_THAT(Submit(person_), HasReason(Reason::kReceiptRefused));
  EXPECT_TRUE(person_.Record(id_).has_waiting());
  EXPECT_TRUE(person_.Record(id_).accepted_frame().empty());
}

TEST_F(ParticipationTest, AClosedRoundTakesNothingAndNothingStaysWaiting) {
  server_.state = v1::ROUND_STATE_CLOSED;
  EXPECT_THAT(Submit(person_), HasReason(Reason::kRoundClosed));
  EXPECT_THAT(server_.Seen(), SizeIs(0));
  EXPECT_FALSE(person_.Record(id_).has_waiting());
}

TEST_F(ParticipationTest, AClockFourDaysSlowIsNoticedBeforeAnythingIsKept) {
  server_.server_hour = absl::ToUnixSeconds(InMidRound() + absl::Hours(96));
  EXPECT_THAT(
      person_.participation.Submit(Visit(person_), kAnswer, SubmitOptions()),
      HasReason(Reason::kClockOff));
  EXPECT_FALSE(person_.Record(id_).has_waiting());
  server_.server_hour = absl::ToUnixSeconds(InMidRound());
  EXPECT_OK(
      person_.participation.Submit(Visit(person_), kAnswer, SubmitOptions()));
}

TEST_F(ParticipationTest, AServerCannotEraseAKeptAnswerByAWord) {
  const TrustedRound round = Visit(person_);
  for (const Reason reason :
       {Reason::kSignatureRefused, Reason::kCredentialRefused,
        Reason::kFrameMalformed}) {
    server_.refusal = Refusal(reason, "No.");
    const auto refused = person_.Record(id_).has_waiting()
                             ? person_.participation.Resume(id_, true)
                             : person_.participation.Submit(
                                   round, kAnswer, Participant::AtOnce());
    EXPECT_THAT(refused, HasReason(reason));
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("kept in the wallet"));
    EXPECT_TRUE(person_.Record(id_).has_waiting());
  }
  // An amendment must not take its place unsent either.
  EXPECT_THAT(person_.participation.Amend(round, kOtherAnswer),
              HasReason(Reason::kFrameMalformed));
  server_.refusal = absl::OkStatus();
  EXPECT_EQ(person_.participation.Resume(id_, true)->state, State::kStored);
  EXPECT_EQ(StoredAnswer(), (Answer{{1, 1}, {1350}}));
}

TEST_F(ParticipationTest, WhoTakesBackWhatTheServerCallsFaultyIsRidOfIt) {
  server_.refusal = Refusal(Reason::kSignatureRefused, "No.");
  EXPECT_FALSE(Submit(person_).ok());
  EXPECT_FALSE(person_.participation.Withdraw(Visit(person_)).ok());
  server_.refusal = absl::OkStatus();
  EXPECT_THAT(person_.participation.Resume(id_, true),
              HasReason(Reason::kNothingToAmend));
  EXPECT_THAT(server_.Stored(), SizeIs(0));
  EXPECT_FALSE(person_.Record(id_).has_waiting());
}

TEST_F(ParticipationTest, AnAnswerIsSealedWhileTheServerIsAway) {
  server_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  // Nothing is known of the round yet.
  EXPECT_THAT(person_.participation.VisitRound(id_, {}),
              HasReason(Reason::kServerUnreachable));
  server_.failure = absl::OkStatus();
  EXPECT_FALSE(person_.participation.VisitRound(id_, {})->server_away);

  server_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  const auto visit = person_.participation.VisitRound(id_, {});
  ASSERT_OK(visit);
  EXPECT_TRUE(visit->server_away);
  EXPECT_EQ(visit->round.state, v1::ROUND_STATE_OPEN);
  const auto kept = person_.participation.Submit(visit->round, kAnswer,
                                                 Participant::AtOnce());
  EXPECT_THAT(kept, HasReason(Reason::kServerUnreachable));
  EXPECT_THAT(std::string(kept.status().message()), HasSubstr("kept"));

  server_.failure = absl::OkStatus();
  EXPECT_EQ(person_.participation.Resume(id_, true)->state, State::kStored);
  EXPECT_EQ(StoredAnswer(), (Answer{{1, 1}, {1350}}));
}

TEST_F(ParticipationTest, WhileTheServerIsAwayTheRulesSayWhetherItIsOpen) {
  ASSERT_OK(person_.participation.VisitRound(id_, {}));
  server_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  person_.clock.Set(round_.manifest.plan.closes_at);
  EXPECT_THAT(Submit(person_), HasReason(Reason::kRoundClosed));
  person_.clock.Set(round_.manifest.plan.opens_at - absl::Hours(1));
  EXPECT_EQ(Visit(person_).state, v1::ROUND_STATE_CREATED);
}

TEST_F(ParticipationTest, TheRandomDelayHoldsTheAnswerBackAcrossRestarts) {
  const auto waiting =
      person_.participation.Submit(Visit(person_), kAnswer, SubmitOptions());
  ASSERT_OK(waiting);
  EXPECT_EQ(waiting->state, State::kWaiting);
  EXPECT_GE(waiting->send_at, InMidRound());
  EXPECT_LE(waiting->send_at, InMidRound() + absl::Hours(48));
  EXPECT_THAT(server_.Seen(), SizeIs(0));

  const auto reopened =
      WalletFile::Open(person_.directory.File("wallet"),
                       crypto::SecretBytes::From("passphrase"));
  ASSERT_OK(reopened);
  Participation later(*reopened, server_, "127.0.0.1:1", person_.clock,
                      person_.random);
  EXPECT_EQ(later.Resume(id_, false)->state, State::kWaiting);
  person_.clock.Advance(absl::Hours(49));
  EXPECT_EQ(later.Resume(id_, false)->state, State::kStored);
  EXPECT_EQ(StoredAnswer(), (Answer{{1, 1}, {1350}}));
}

TEST_F(ParticipationTest, AWaitingAnswerIsAmendedAndDroppedOnTheDevice) {
  ASSERT_OK(
      person_.participation.Submit(Visit(person_), kAnswer, SubmitOptions()));
  EXPECT_THAT(
      person_.participation.Submit(Visit(person_), kAnswer, SubmitOptions()),
      HasReason(Reason::kAnswerWaiting));
  EXPECT_EQ(person_.participation.Amend(Visit(person_), kOtherAnswer)->state,
            State::kWaiting);
  person_.clock.Advance(absl::Hours(49));
  ASSERT_OK(person_.participation.Resume(id_, false));
  EXPECT_EQ(StoredAnswer(), (Answer{{2, 0}, {900}}));
  EXPECT_THAT(server_.Seen(), SizeIs(1));

  Participant other(server_, 2);
  ASSERT_OK(other.participation.Submit(Visit(other), kAnswer, SubmitOptions()));
  EXPECT_EQ(other.participation.Withdraw(Visit(other))->state, State::kNothing);
  other.clock.Advance(absl::Hours(49));
  EXPECT_EQ(other.participation.Resume(id_, false)->state, State::kNothing);
  EXPECT_THAT(server_.Seen(), SizeIs(1));
}

TEST_F(ParticipationTest, AfterRecoveryFromTheWordsAmendAndWithdrawWork) {
  ASSERT_OK(Submit(person_));
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(person_.participation.Amend(Visit(person_), kAnswer));
  }
  Participant recovered(server_, 1);
  EXPECT_THAT(Submit(recovered), HasReason(Reason::kAlreadyAnswered));
  const auto amended =
      recovered.participation.Amend(Visit(recovered), kOtherAnswer);
  ASSERT_OK(amended);
  EXPECT_EQ(amended->sequence, 32U);
  EXPECT_EQ(StoredAnswer(), (Answer{{2, 0}, {900}}));

  Participant again(server_, 1);
  const auto withdrawn = again.participation.Withdraw(Visit(again));
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->state, State::kWithdrawn);
  EXPECT_EQ(server_.Stored().begin()->second, "");
}

TEST_F(ParticipationTest, ForgetfulModeLeavesNothingThatLeadsToTheAnswer) {
  SubmitOptions choices = Participant::AtOnce();
  choices.forgetful = true;
  const auto standing =
      person_.participation.Submit(Visit(person_), kAnswer, choices);
  ASSERT_OK(standing);
  EXPECT_EQ(standing->state, State::kForgotten);
  const RoundRecord record = person_.Record(id_);
  EXPECT_TRUE(record.throwaway_seed().empty());
  EXPECT_TRUE(record.accepted_frame().empty());
  EXPECT_FALSE(record.has_receipt());
  EXPECT_FALSE(record.has_waiting());
  EXPECT_TRUE(record.credential().empty());
  // Not even the seed leads to it.
  const auto contents = person_.wallet.Read();
  EXPECT_NE(
      server_.Stored().begin()->first,
      PseudonymOf(DerivePseudonymKey(contents->seed, round_.manifest_hash)));
  EXPECT_THAT(person_.participation.Amend(Visit(person_), kAnswer),
              HasReason(Reason::kForgotten));
  EXPECT_THAT(Submit(person_), HasReason(Reason::kForgotten));
}

TEST_F(ParticipationTest, AskingAgainGetsTheSameReceiptWhileItIsStored) {
  ASSERT_OK(Submit(person_));
  EXPECT_EQ(person_.participation.AskAgain(id_)->state, State::kStored);
  server_.state = v1::ROUND_STATE_CLOSED;
  EXPECT_THAT(person_.participation.AskAgain(id_),
              HasReason(Reason::kRoundClosed));
  EXPECT_EQ(person_.participation.Resume(id_, false)->state, State::kStored);
}

TEST_F(ParticipationTest, TheSurveyKeyIsNotTakenFromTheServer) {
  person_.ForgetSurveys();
  EXPECT_THAT(person_.participation.VisitRound(id_, {}),
              HasReason(Reason::kSurveyKeyUnconfirmed));
  const auto contents = person_.wallet.Read();
  ASSERT_OK(contents);
  EXPECT_EQ(contents->records.ByteSizeLong(), 0U);
}

TEST_F(ParticipationTest, TheSurveyKeyIsPinnedOnceThePersonHasTypedIt) {
  person_.ForgetSurveys();
  SubmitOptions choices;
  choices.survey_key_fingerprint =
      crypto::Fingerprint(round_.survey_key.verify_key());
  const auto first = person_.participation.VisitRound(id_, choices);
  ASSERT_OK(first);
  EXPECT_TRUE(first->first_use);
  EXPECT_FALSE(person_.participation.VisitRound(id_, {})->first_use);
  const MadeRound stranger = MakeRound({.seed = 99, .round = "2026-q2"});
  server_.shown_round = stranger.ToProto(v1::ROUND_STATE_OPEN);
  EXPECT_THAT(person_.participation.VisitRound(stranger.Id(), {}),
              HasReason(Reason::kSurveyKeyChanged));
}

TEST_F(ParticipationTest, ASecondManifestForARoundIsRefused) {
  ASSERT_OK(Submit(person_));
  Manifest changed = round_.manifest;
  changed.code_version = "other";
  v1::Round shown = round_.ToProto(v1::ROUND_STATE_OPEN);
  v1::SignedManifest& manifest = *shown.mutable_signed_manifest();
  manifest.set_manifest(WriteManifest(changed));
  *manifest.mutable_signatures(0) = commonwage::testing::SignWith(
      round_.survey_key, kManifestSignatureLabel, manifest.manifest());
  server_.shown_round = shown;
  EXPECT_THAT(person_.participation.VisitRound(id_, {}),
              HasReason(Reason::kManifestChanged));
}

TEST_F(ParticipationTest, ASurveyCannotHideBehindADotInAnothersName) {
  // "couriers.2026.q1" could be of the survey "couriers", which the wallet
  // knows, or of a survey "couriers.2026", which a stranger has just invented.
  ASSERT_OK(person_.participation.VisitRound(id_, {}));
  MadeRound stranger = MakeRound({.seed = 99});
  stranger.manifest.plan.survey = "couriers.2026";
  stranger.manifest.plan.round = "q1";
  stranger.manifest_bytes = WriteManifest(stranger.manifest);
  server_.shown_round = stranger.ToProto(v1::ROUND_STATE_OPEN);
  EXPECT_THAT(person_.participation.VisitRound("couriers.2026.q1", {}),
              HasReason(Reason::kSurveyKeyChanged));
}

}  // namespace
}  // namespace commonwage::client
