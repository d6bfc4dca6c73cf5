// SPDX-License-Identifier: Apache-2.0
// Promise 1, before there is anything to compare with: somebody runs a server
// with a survey key of their own, open admission and the names of the union's
// round, and gets a worker to call it. Whatever is sealed there they open. The
// worker's program seals nothing: the union's invitation or the key that its
// paper shows says which survey is meant.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/joining.h"
#include "client/round_record.h"
#include "client/survey_record.h"
#include "client/wallet_file.h"
#include "crypto/fingerprint.h"
#include "crypto/opening/opening_key.h"
#include "crypto/sodium_random.h"
#include "survey/answer.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "survey/invitation.h"
#include "tests/client/grpc_front.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::ElementsAre;
using testing::FakeServer;
using testing::GrpcFront;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MadeRound;
using testing::ProgramResult;
using ::testing::SizeIs;

constexpr char kPassphrase[] = "a passphrase for tests only";

class FirstUseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    union_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
    union_.StartServer();
    union_.WaitUntilOpen();
    ASSERT_EQ(impostors_round_.Id(), union_.round_id());
  }

  ProgramResult Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--wallet", wallet_, "--passphrase-file",
                                       union_.File("passphrase")});
    return union_.Client(arguments);
  }

  // A worker answers, and says yes to all that the program asks of a script.
  ProgramResult Submit(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"submit",   "--now",
                                          "--round",  union_.round_id(),
                                          "--answer", "platform=fast-food",
                                          "--answer", "region=south",
                                          "--answer", "hourly_pay=13.50"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  }

  void RefusedAndNothingSealed(const ProgramResult& result,
                               const std::string& sentence) {
    EXPECT_EQ(result.exit_code, 1) << result.out;
    EXPECT_THAT(result.err, HasSubstr(sentence));
    EXPECT_THAT(result.err, HasSubstr("Nothing was sent"));
    EXPECT_THAT(impostor_.Seen(), IsEmpty());
  }

  // What the impostor reads in what they got.
  Answer ReadByTheImpostor() {
    const auto seen = impostor_.Seen();
    EXPECT_THAT(seen, SizeIs(1));
    const auto frame = FrameView::Parse(seen.at(0));
    const auto plain = crypto::opening::Open(
        impostors_round_.opening_key, frame->enc(),
        absl::StrCat(kSealLabel, impostors_round_.manifest_hash.view()),
        frame->aad(), frame->ciphertext());
    return *DecodeAnswer(*plain, impostors_round_.manifest.plan);
  }

  // The fault: a device that takes a survey's key from the first server that
  // shows one.
  void BelieveTheImpostor() {
    crypto::SodiumRandom random;
    const auto wallet = client::WalletFile::Create(
        wallet_, crypto::SecretBytes::From(kPassphrase),
        crypto::Secret<32>::Random(random), random);
    ASSERT_OK(wallet);
    ASSERT_OK(wallet->Update(random, [&](client::WalletContents& contents) {
      client::GetOrAddSurvey(contents.records,
                             impostors_round_.manifest.plan.survey,
                             impostors_round_.survey_key.verify_key());
      return absl::OkStatus();
    }));
  }

  testing::EmbeddedService union_{COMMONWAGE_BIN_DIR};
  const std::string wallet_ = union_.File("wallet");
  const MadeRound impostors_round_ = testing::MakeRound({.seed = 666});
  FakeServer impostor_{impostors_round_};
  GrpcFront front_{impostor_};
};

TEST_F(FirstUseTest, WhoHasJoinedSealsNothingForAnotherServer) {
  ASSERT_EQ(Run({"join", union_.Invite(union_.server())}).exit_code, 0);
  RefusedAndNothingSealed(Submit({"--server", front_.address()}),
                          "another key than your invitation names");
  // Not even with the impostor's own word on their key.
  RefusedAndNothingSealed(
      Submit({"--server", front_.address(), "--survey-key",
              crypto::Fingerprint(impostors_round_.survey_key.verify_key())}),
      "another key than your invitation names");
}

TEST_F(FirstUseTest, WhoHasJoinedSealsNothingForWhoTookTheServersPlace) {
  // The name in the invitation leads to the impostor.
  ASSERT_EQ(Run({"join", union_.Invite(front_.address())}).exit_code, 0);
  RefusedAndNothingSealed(Submit({}), "another key than your invitation names");
  RefusedAndNothingSealed(
      Run({"amend", "--round", union_.round_id(), "--answer", "platform=other",
           "--answer", "region=south", "--answer", "hourly_pay=14"}),
      "another key than your invitation names");
}

TEST_F(FirstUseTest, WhoHasNoInvitationSealsNothingWithoutThePaper) {
  RefusedAndNothingSealed(Submit({"--server", front_.address()}),
                          "does not know the survey yet");
  RefusedAndNothingSealed(Submit({"--server", front_.address(), "--survey-key",
                                  union_.SurveyKey()}),
                          "another key than the one that you gave");
}

// What the tests above would see.
TEST_F(FirstUseTest, ADeviceThatBelievesTheFirstKeyIsReadByTheImpostor) {
  BelieveTheImpostor();
  const ProgramResult sent = Submit({"--server", front_.address()});
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  // It is told at least that the round is open to everybody.
  EXPECT_THAT(sent.out, HasSubstr("Anybody can answer"));
  const Answer answer = ReadByTheImpostor();
  EXPECT_THAT(answer.minor_units, ElementsAre(1350));
}

// What remains: an invitation is as good as the hands that it came from.
TEST_F(FirstUseTest, AForgedInvitationIsWhatRemains) {
  const Invitation forged = {.server = front_.address(),
                             .office = "",
                             .survey = "couriers",
                             .survey_key = crypto::Fingerprint(
                                 impostors_round_.survey_key.verify_key()),
                             .admission = Admission::kOpen};
  const ProgramResult joined = Run({"join", WriteInvitation(forged)});
  EXPECT_EQ(joined.exit_code, 0) << joined.err;
  EXPECT_THAT(joined.out, HasSubstr("compare the words with what it printed"));
  EXPECT_EQ(Submit({}).exit_code, 0);
  EXPECT_THAT(ReadByTheImpostor().minor_units, ElementsAre(1350));
  // Whoever has the right one first is not taken over.
  std::filesystem::remove(wallet_);
  ASSERT_EQ(Run({"join", union_.Invite(union_.server())}).exit_code, 0);
  const ProgramResult refused = Run({"join", WriteInvitation(forged)});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("by another key"));
}

}  // namespace
}  // namespace commonwage
