// SPDX-License-Identifier: Apache-2.0
#include "client/joining.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/survey_record.h"
#include "crypto/fingerprint.h"
#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const EnteredAnswer kAnswer = {
    {"platform", "fast-food"}, {"region", "south"}, {"hourly_pay", "13.50"}};

Invitation InvitationTo(const MadeRound& round) {
  return {.server = "survey.example:443",
          .office = "",
          .survey = round.manifest.plan.survey,
          .survey_key = crypto::Fingerprint(round.survey_key.verify_key()),
          .admission = round.manifest.admission};
}

class JoiningTest : public ::testing::Test {
 protected:
  void SetUp() override { person_.ForgetSurveys(); }

  absl::Status JoinBy(const Invitation& invitation,
                      Rejoin rejoin = Rejoin::kRefuse) {
    return Join(person_.wallet, invitation, rejoin, person_.random);
  }

  WalletRecords Records() const { return person_.wallet.Read()->records; }

  absl::StatusOr<CheckedRound> VisitAt(FakeServer& server,
                                       const std::string& id) {
    return VisitRound(server, person_.wallet, id, {}, person_.clock,
                      person_.random);
  }

  const MadeRound round_ = MakeRound();
  // Of the same survey and round, with keys of its own.
  const MadeRound impostor_ = MakeRound({.seed = 99});
  FakeServer server_{round_};
  Participant person_{server_, 1};
  const Invitation invitation_ = InvitationTo(round_);
};

TEST_F(JoiningTest, WhoHasJoinedAnswersWithoutAWordOnTheKey) {
  ASSERT_OK(JoinBy(invitation_));
  EXPECT_THAT(InvitationsIn(Records()), ElementsAre(invitation_));
  const auto visit = VisitAt(server_, round_.Id());
  ASSERT_OK(visit);
  EXPECT_TRUE(visit->first_use);
  EXPECT_OK(person_.participation.Submit(visit->round, kAnswer,
                                         Participant::AtOnce()));
  EXPECT_FALSE(VisitAt(server_, round_.Id())->first_use);
  EXPECT_THAT(InvitationsIn(Records()), ElementsAre(invitation_));
}

TEST_F(JoiningTest, AServerWithAnotherSurveyKeyIsRefused) {
  ASSERT_OK(JoinBy(invitation_));
  FakeServer impostor(impostor_);
  const auto refused = VisitAt(impostor, impostor_.Id());
  EXPECT_THAT(refused, HasReason(Reason::kSurveyKeyDiffers));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("Nothing was sent"));
  // Also one that the person was talked into typing.
  SubmitOptions choices;
  choices.survey_key_fingerprint =
      crypto::Fingerprint(impostor_.survey_key.verify_key());
  EXPECT_THAT(VisitRound(impostor, person_.wallet, impostor_.Id(), choices,
                         person_.clock, person_.random),
              HasReason(Reason::kSurveyKeyDiffers));
  EXPECT_THAT(Records().rounds(), IsEmpty());
}

TEST_F(JoiningTest, ARoundWithAnotherAdmissionIsRefused) {
  Invitation members_only = invitation_;
  members_only.admission = Admission::kCredential;
  ASSERT_OK(JoinBy(members_only));
  const auto refused = VisitAt(server_, round_.Id());
  EXPECT_THAT(refused, HasReason(Reason::kAdmissionDiffers));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("anybody can, more than once"));
}

TEST_F(JoiningTest, ARoundForMembersIsNotWhatAnInvitationToAllMeant) {
  const MadeRound members = MakeRound({.issuer_public_key = "no key at all"});
  ASSERT_OK(JoinBy(invitation_));
  FakeServer server(members);
  EXPECT_THAT(VisitAt(server, members.Id()),
              HasReason(Reason::kAdmissionDiffers));
}

TEST_F(JoiningTest, AnotherSurveyBehindADotIsRefusedEvenFromTheRightKey) {
  ASSERT_OK(JoinBy(invitation_));
  MadeRound other = MakeRound();
  other.manifest.plan.survey = "couriers.2026";
  other.manifest.plan.round = "q1";
  other.manifest_bytes = WriteManifest(other.manifest);
  FakeServer server(other);
  EXPECT_THAT(VisitAt(server, "couriers.2026.q1"),
              HasReason(Reason::kAnotherSurvey));
}

// Or rounds of the one would be asked for by the other's server.
TEST_F(JoiningTest, ASurveyBehindADotOfOneThatWasJoinedIsRefused) {
  ASSERT_OK(JoinBy(invitation_));
  Invitation behind = invitation_;
  behind.survey += ".2026";
  EXPECT_THAT(JoinBy(behind), HasReason(Reason::kJoinedOtherwise));
  EXPECT_OK(JoinBy(behind, Rejoin::kReplace));
}

TEST_F(JoiningTest, TheSameInvitationAgainChangesNothing) {
  ASSERT_OK(JoinBy(invitation_));
  ASSERT_OK(VisitAt(server_, round_.Id()));
  const std::string before = Records().SerializeAsString();
  EXPECT_OK(JoinBy(invitation_));
  EXPECT_EQ(Records().SerializeAsString(), before);
}

TEST_F(JoiningTest, AnotherKeyIsRefusedWithBothInWordsUnlessItIsWanted) {
  ASSERT_OK(JoinBy(invitation_));
  ASSERT_OK(VisitAt(server_, round_.Id()));
  const std::string before = Records().SerializeAsString();
  const absl::Status refused = JoinBy(InvitationTo(impostor_));
  EXPECT_THAT(refused, HasReason(Reason::kJoinedOtherwise));
  for (const MadeRound* round : {&round_, &impostor_}) {
    EXPECT_THAT(
        std::string(refused.message()),
        HasSubstr(crypto::FingerprintWords(round->survey_key.verify_key())));
  }
  EXPECT_EQ(Records().SerializeAsString(), before);

  ASSERT_OK(JoinBy(InvitationTo(impostor_), Rejoin::kReplace));
  EXPECT_THAT(InvitationsIn(Records()), ElementsAre(InvitationTo(impostor_)));
  FakeServer server(impostor_);
  EXPECT_OK(VisitAt(server, impostor_.Id()));
  EXPECT_THAT(VisitAt(server_, round_.Id()),
              HasReason(Reason::kSurveyKeyChanged));
}

TEST_F(JoiningTest, AnotherServerUnderTheSameKeyIsRefusedUnlessItIsWanted) {
  ASSERT_OK(JoinBy(invitation_));
  ASSERT_OK(VisitAt(server_, round_.Id()));
  Invitation moved = invitation_;
  moved.server = "elsewhere.example:443";
  EXPECT_THAT(JoinBy(moved), HasReason(Reason::kJoinedOtherwise));
  ASSERT_OK(JoinBy(moved, Rejoin::kReplace));
  EXPECT_THAT(InvitationsIn(Records()), ElementsAre(moved));
  // What was seen under the key stays.
  EXPECT_EQ(Records().surveys(0).seen_size(), 1);
  EXPECT_FALSE(VisitAt(server_, round_.Id())->first_use);
}

TEST_F(JoiningTest, AKeyThatWasTypedIsHeldAgainstTheInvitation) {
  SubmitOptions choices;
  choices.survey_key_fingerprint =
      crypto::Fingerprint(round_.survey_key.verify_key());
  ASSERT_OK(person_.participation.VisitRound(round_.Id(), choices));
  EXPECT_THAT(JoinBy(InvitationTo(impostor_)),
              HasReason(Reason::kJoinedOtherwise));
  EXPECT_OK(JoinBy(invitation_));
}

TEST_F(JoiningTest, AnAnswerOnItsWayIsNotLeftBehind) {
  ASSERT_OK(JoinBy(invitation_));
  const auto visit = VisitAt(server_, round_.Id());
  ASSERT_OK(visit);
  ASSERT_OK(person_.participation.Submit(visit->round, kAnswer, {}));
  EXPECT_THAT(JoinBy(InvitationTo(impostor_), Rejoin::kReplace),
              HasReason(Reason::kAnswerWaiting));
  EXPECT_THAT(InvitationsIn(Records()), ElementsAre(invitation_));
  ASSERT_OK(person_.participation.Resume(round_.Id(), true));
  ASSERT_OK(JoinBy(InvitationTo(impostor_), Rejoin::kReplace));
  // Its receipt is not lost.
  EXPECT_TRUE(person_.Record(round_.Id()).has_receipt());
}

TEST_F(JoiningTest, PlacesThatCannotBeSpokenToAreRefused) {
  Invitation invitation = invitation_;
  invitation.server = "no-port";
  EXPECT_THAT(JoinBy(invitation), HasReason(Reason::kServerAddressMalformed));
  invitation = invitation_;
  invitation.server = "http://survey.example:80";
  EXPECT_THAT(JoinBy(invitation), HasReason(Reason::kPlaintextRefused));
  invitation = invitation_;
  invitation.office = "no-port";
  EXPECT_THAT(JoinBy(invitation), HasReason(Reason::kServerAddressMalformed));
  EXPECT_THAT(InvitationsIn(Records()), IsEmpty());
}

}  // namespace
}  // namespace commonwage::client
