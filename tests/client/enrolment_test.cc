// SPDX-License-Identifier: Apache-2.0
#include "client/enrolment.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/json_util.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/error.h"
#include "client/submission.h"
#include "survey/enrolment_code.h"
#include "survey/enrolment_request.h"
#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeIssuer;
using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;
using ::commonwage::testing::SeededRandom;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const EnteredAnswer kAnswer = {
    {"platform", "fast-food"}, {"region", "south"}, {"hourly_pay", "13.50"}};

class EnrolmentTest : public ::testing::Test {
 protected:
  // One key for all tests of the suite: making one takes a while.
  static void SetUpTestSuite() {
    key_ =
        new crypto::BlindRsaPrivateKey(*crypto::BlindRsaPrivateKey::Generate());
  }
  static void TearDownTestSuite() { delete key_; }

  TrustedRound Visit(Participant& person) {
    return person.participation.VisitRound(id_, {})->round;
  }
  absl::Status EnrolNow(Participant& person, absl::string_view code,
                        bool forgetful = false) {
    return Enrol(person.wallet, issuer_, Visit(person), code, forgetful,
                 person.random);
  }

  static crypto::BlindRsaPrivateKey* key_;
  SeededRandom random_{11};
  const std::string code_ = FormatEnrolmentCode(DrawEnrolmentCode(random_));
  const MadeRound round_ =
      MakeRound({.issuer_public_key = key_->public_key_der()});
  const std::string id_ = round_.Id();
  FakeServer server_{round_};
  FakeIssuer issuer_{*key_};
  Participant person_{server_, 1};
};

crypto::BlindRsaPrivateKey* EnrolmentTest::key_ = nullptr;

TEST_F(EnrolmentTest, AMemberSpeaksAfterEnrollingAndNotBefore) {
  EXPECT_THAT(person_.participation.Submit(Visit(person_), kAnswer,
                                           Participant::AtOnce()),
              HasReason(Reason::kNotEnrolled));
  ASSERT_OK(EnrolNow(person_, code_));
  const auto standing = person_.participation.Submit(Visit(person_), kAnswer,
                                                     Participant::AtOnce());
  ASSERT_OK(standing);
  EXPECT_EQ(standing->state, ParticipationStatus::State::kStored);
}

TEST_F(EnrolmentTest, TheOfficeSeesNothingThatTheCollectorSees) {
  ASSERT_OK(EnrolNow(person_, code_));
  ASSERT_OK(person_.participation.Submit(Visit(person_), kAnswer,
                                         Participant::AtOnce()));
  ASSERT_THAT(issuer_.seen, SizeIs(1));
  const std::string asked = issuer_.seen[0].SerializeAsString();
  const auto frame = FrameView::Parse(server_.Seen()[0]);
  EXPECT_THAT(asked, Not(HasSubstr(std::string(
                         frame->header().pseudonym.view().substr(0, 8)))));
  EXPECT_THAT(asked, Not(HasSubstr(frame->header().credential.substr(0, 8))));
}

TEST_F(EnrolmentTest, EnrollingTwiceAsksOnce) {
  ASSERT_OK(EnrolNow(person_, code_));
  ASSERT_OK(EnrolNow(person_, code_));
  EXPECT_THAT(issuer_.seen, SizeIs(1));
}

TEST_F(EnrolmentTest, AWalletFromTheSameWordsGetsTheSameCredentialAgain) {
  ASSERT_OK(EnrolNow(person_, code_));
  Participant recovered(server_, 1);
  ASSERT_OK(EnrolNow(recovered, code_));
  EXPECT_EQ(issuer_.seen[0].blinded_message(),
            issuer_.seen[1].blinded_message());
  EXPECT_EQ(recovered.Record(id_).credential(),
            person_.Record(id_).credential());
}

TEST_F(EnrolmentTest, AnotherPersonWithTheSameCodeGetsNothing) {
  ASSERT_OK(EnrolNow(person_, code_));
  Participant other(server_, 2);
  EXPECT_THAT(EnrolNow(other, code_),
              HasReason(Reason::kCredentialAlreadyIssued));
  EXPECT_TRUE(other.Record(id_).credential().empty());
}

TEST_F(EnrolmentTest, AMistypedCodeIsNoticedOnTheDevice) {
  std::string mistyped = code_;
  mistyped[0] = mistyped[0] == 'A' ? 'B' : 'A';
  const absl::Status refused = EnrolNow(person_, mistyped);
  EXPECT_THAT(refused, HasReason(Reason::kCodeMistyped));
  EXPECT_THAT(refused.ToString(), Not(HasSubstr(mistyped)));
  EXPECT_THAT(issuer_.seen, SizeIs(0));
}

TEST_F(EnrolmentTest, WhenTheOfficeIsDownNothingIsLost) {
  issuer_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  const absl::Status away = EnrolNow(person_, code_);
  EXPECT_THAT(away, HasReason(Reason::kServerUnreachable));
  EXPECT_THAT(std::string(away.message()), HasSubstr("union office's server"));
  issuer_.failure = absl::OkStatus();
  EXPECT_OK(EnrolNow(person_, code_));
}

TEST_F(EnrolmentTest, AnotherKeysSignatureIsNoCredential) {
  const auto other_key = crypto::BlindRsaPrivateKey::Generate();
  ASSERT_OK(other_key);
  FakeIssuer impostor(*other_key);
  EXPECT_FALSE(Enrol(person_.wallet, impostor, Visit(person_), code_, false,
                     person_.random)
                   .ok());
  EXPECT_TRUE(person_.Record(id_).credential().empty());
}

TEST_F(EnrolmentTest, ACredentialOfAnotherRoundIsRefused) {
  ASSERT_OK(EnrolNow(person_, code_));
  const std::string credential = person_.Record(id_).credential();
  const MadeRound next = MakeRound(
      {.round = "2026-q2", .issuer_public_key = key_->public_key_der()});
  FakeServer next_server(next);
  Participant same(next_server, 1);
  const auto visit = same.participation.VisitRound(next.Id(), {});
  ASSERT_OK(visit);
  ASSERT_OK(same.wallet.Update(same.random, [&](WalletContents& contents) {
    GetOrAddRound(contents.records, next.Id()).set_credential(credential);
    return absl::OkStatus();
  }));
  EXPECT_THAT(
      same.participation.Submit(visit->round, kAnswer, Participant::AtOnce()),
      HasReason(Reason::kCredentialRefused));
  EXPECT_TRUE(same.Record(next.Id()).has_waiting());
}

TEST_F(EnrolmentTest, AKeyThatIsTooShortIsRefusedBeforeAnythingIsSent) {
  // RSA with 1,024 bits.
  const MadeRound weak = MakeRound(
      {.issuer_public_key = HexToBytes(
           "30819f300d06092a864886f70d010101050003818d0030818902818100cf84fb18"
           "8306aeec07d9a200a05d8cd0e12bbe62184477e8c8b4984d009d01c2147ebdde4d"
           "655d37ec8d2be10889ab59456fcc5db117f91e33f5c9fd6c4fe3a253fe8dbd854a"
           "113f94449cd6270198b8701ba808dd56b081fbe0879cf1bbc6a402cc6453f2969f"
           "18e64cf842cda0c63bc27e23e256cd3707ce88e0b991a2ecb70203010001")});
  FakeServer server(weak);
  Participant person(server, 1);
  const auto visit = person.participation.VisitRound(weak.Id(), {});
  ASSERT_OK(visit);
  const absl::Status refused =
      Enrol(person.wallet, issuer_, visit->round, code_, false, person.random);
  EXPECT_THAT(refused, HasReason(Reason::kIssuerKeyUnusable));
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("your code is not used up"));
  EXPECT_THAT(issuer_.seen, SizeIs(0));
}

TEST_F(EnrolmentTest, AClosedRoundEnrolsNobody) {
  for (const v1::RoundState state :
       {v1::ROUND_STATE_CLOSED, v1::ROUND_STATE_PUBLISHED,
        v1::ROUND_STATE_ERASED}) {
    server_.state = state;
    EXPECT_THAT(EnrolNow(person_, code_), HasReason(Reason::kRoundClosed));
  }
  EXPECT_THAT(issuer_.seen, SizeIs(0));
  server_.state = v1::ROUND_STATE_CREATED;
  EXPECT_OK(EnrolNow(person_, code_));
}

TEST_F(EnrolmentTest, OpenRoundsNeedNoEnrolment) {
  const MadeRound open = MakeRound();
  FakeServer server(open);
  Participant person(server, 1);
  const auto visit = person.participation.VisitRound(open.Id(), {});
  EXPECT_THAT(
      Enrol(person.wallet, issuer_, visit->round, code_, false, person.random),
      HasReason(Reason::kNoCredentialNeeded));
}

TEST_F(EnrolmentTest, ForgetfulMembersEnrolAndSubmitWithKeysThatVanish) {
  ASSERT_OK(EnrolNow(person_, code_, true));
  EXPECT_FALSE(person_.Record(id_).throwaway_seed().empty());
  const auto standing = person_.participation.Submit(Visit(person_), kAnswer,
                                                     Participant::AtOnce());
  ASSERT_OK(standing);
  EXPECT_EQ(standing->state, ParticipationStatus::State::kForgotten);
  EXPECT_TRUE(person_.Record(id_).throwaway_seed().empty());
  EXPECT_TRUE(person_.Record(id_).credential().empty());
}

TEST_F(EnrolmentTest, ALostAnswerOfTheOfficeDoesNotLetTheWalletForget) {
  // The office may have signed: another request would find the voice used up.
  issuer_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  ASSERT_FALSE(EnrolNow(person_, code_).ok());
  issuer_.failure = absl::OkStatus();
  EXPECT_THAT(EnrolNow(person_, code_, true),
              HasReason(Reason::kEnrolledOtherwise));
  EXPECT_OK(EnrolNow(person_, code_));
}

class EnrolmentByPageTest : public EnrolmentTest {
 protected:
  v1::IssueCredentialRequest Prepare(Participant& person,
                                     bool forgetful = false) {
    const auto request =
        PrepareRequest(person.wallet, Visit(person), forgetful, person.random);
    EXPECT_OK(request);
    return *request;
  }

  // What the office answers to a text, as its page shows it.
  std::string AnswerTo(const std::string& text) {
    const auto made = ParseEnrolmentRequest(text);
    EXPECT_OK(made);
    return WriteEnrolmentAnswer(
        {made->round_id, key_->BlindSign(made->blinded_message).value()});
  }

  absl::Status Accept(Participant& person, const std::string& answer) {
    return AcceptAnswer(person.wallet, Visit(person), answer, person.random);
  }
};

TEST_F(EnrolmentByPageTest, TheTextsDoWhatTheCallDoes) {
  const v1::IssueCredentialRequest request = Prepare(person_);
  EXPECT_THAT(issuer_.seen, SizeIs(0));
  EXPECT_TRUE(request.enrolment_code().empty());
  ASSERT_OK(Accept(person_, AnswerTo(RequestText(request))));
  const auto standing = person_.participation.Submit(Visit(person_), kAnswer,
                                                     Participant::AtOnce());
  ASSERT_OK(standing);
  EXPECT_EQ(standing->state, ParticipationStatus::State::kStored);

  // The call makes the very same request and gets the same credential.
  Participant recovered(server_, 1);
  ASSERT_OK(EnrolNow(recovered, code_));
  EXPECT_EQ(issuer_.seen[0].blinded_message(), request.blinded_message());
  EXPECT_EQ(issuer_.seen[0].checksum(), request.checksum());
  EXPECT_EQ(recovered.Record(id_).credential(),
            person_.Record(id_).credential());
}

TEST_F(EnrolmentByPageTest, TheRequestIsTheSameEveryTime) {
  const std::string text = RequestText(Prepare(person_));
  EXPECT_EQ(RequestText(Prepare(person_)), text);
  Participant recovered(server_, 1);
  EXPECT_EQ(RequestText(Prepare(recovered)), text);
  Participant other(server_, 2);
  EXPECT_NE(RequestText(Prepare(other)), text);
}

TEST_F(EnrolmentByPageTest, TheJsonAnswerIsTakenToo) {
  std::string json;
  v1::IssueCredentialResponse response;
  response.set_blind_signature(
      key_->BlindSign(Prepare(person_).blinded_message()).value());
  ASSERT_TRUE(
      google::protobuf::util::MessageToJsonString(response, &json).ok());
  EXPECT_OK(Accept(person_, absl::StrCat("\n", json, "\n")));
  EXPECT_FALSE(person_.Record(id_).credential().empty());
}

TEST_F(EnrolmentByPageTest, WrongAnswersAreRefusedAndTheRightOneIsTakenAfter) {
  const std::string answer = AnswerTo(RequestText(Prepare(person_)));
  EXPECT_THAT(Accept(person_, ""), HasReason(Reason::kAnswerMalformed));
  EXPECT_THAT(Accept(person_, answer.substr(0, answer.size() / 2)),
              HasReason(Reason::kAnswerMalformed));
  EXPECT_THAT(Accept(person_, R"({"code":"s3cret"})"),
              HasReason(Reason::kAnswerMalformed));
  EXPECT_THAT(Accept(person_, absl::StrReplaceAll(answer, {{"q1", "q2"}})),
              HasReason(Reason::kAnswerOfAnotherRound));
  std::string flipped = answer;
  char& letter = flipped[flipped.size() / 2];
  letter = letter == 'A' ? 'B' : 'A';
  EXPECT_THAT(Accept(person_, flipped),
              HasReason(Reason::kBlindSignatureRefused));
  Participant other(server_, 2);
  const absl::Status refused = Accept(other, answer);
  EXPECT_THAT(refused, HasReason(Reason::kBlindSignatureRefused));
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("the wallet that made the request"));
  EXPECT_TRUE(other.Record(id_).credential().empty());
  EXPECT_TRUE(person_.Record(id_).credential().empty());
  EXPECT_OK(Accept(person_, answer));
  EXPECT_OK(Accept(person_, answer));
}

TEST_F(EnrolmentByPageTest, TheSameRefusalsHoldAsForTheCall) {
  const std::string answer = AnswerTo(RequestText(Prepare(person_)));
  EXPECT_THAT(
      PrepareRequest(person_.wallet, Visit(person_), true, person_.random),
      HasReason(Reason::kEnrolledOtherwise));
  server_.state = v1::ROUND_STATE_CLOSED;
  EXPECT_THAT(
      PrepareRequest(person_.wallet, Visit(person_), false, person_.random),
      HasReason(Reason::kRoundClosed));
  EXPECT_THAT(Accept(person_, answer), HasReason(Reason::kRoundClosed));
}

TEST_F(EnrolmentByPageTest, ForgetfulMembersGoByThePageToo) {
  const std::string answer = AnswerTo(RequestText(Prepare(person_, true)));
  ASSERT_OK(Accept(person_, answer));
  const auto standing = person_.participation.Submit(Visit(person_), kAnswer,
                                                     Participant::AtOnce());
  ASSERT_OK(standing);
  EXPECT_EQ(standing->state, ParticipationStatus::State::kForgotten);
}

TEST_F(EnrolmentTest, WhoEnrolledToRememberCannotForget) {
  ASSERT_OK(EnrolNow(person_, code_));
  SubmitOptions choices = Participant::AtOnce();
  choices.forgetful = true;
  EXPECT_THAT(person_.participation.Submit(Visit(person_), kAnswer, choices),
              HasReason(Reason::kEnrolledOtherwise));
  EXPECT_OK(person_.participation.Submit(Visit(person_), kAnswer,
                                         Participant::AtOnce()));
}

}  // namespace
}  // namespace commonwage::client
