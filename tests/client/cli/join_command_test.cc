// SPDX-License-Identifier: Apache-2.0
// `commonwage join`, and what goes without addresses and keys afterwards.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file/kept_file.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/blind/blind_rsa_key.h"
#include "crypto/fingerprint.h"
#include "survey/enrolment_code.h"
#include "survey/invitation.h"
#include "tests/client/cli/run_command.h"
#include "tests/client/grpc_front.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::client::cli {
namespace {

using ::commonwage::testing::FakeIssuer;
using ::commonwage::testing::FakeServer;
using ::commonwage::testing::GrpcFront;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Outcome;
using ::commonwage::testing::RunCommand;
using ::commonwage::testing::SeededRandom;
using ::commonwage::testing::TempDirectory;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class JoinCommandTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    key_ =
        new crypto::BlindRsaPrivateKey(*crypto::BlindRsaPrivateKey::Generate());
  }
  static void TearDownTestSuite() { delete key_; }

  void SetUp() override {
    Write(passphrase_, "a passphrase\n");
    SeededRandom random(4);
    code_ = FormatEnrolmentCode(DrawEnrolmentCode(random));
    Write(code_file_, code_);
  }

  static void Write(const std::string& path, const std::string& content) {
    ASSERT_OK(ReplaceFile({path, "file"}, content));
  }

  Outcome Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(),
                     {"--wallet", wallet_, "--passphrase-file", passphrase_});
    return RunCommand(arguments);
  }

  Invitation InvitationTo(const MadeRound& round,
                          const GrpcFront& front) const {
    return {.server = front.address(),
            .office = front_.address(),
            .survey = "couriers",
            .survey_key = crypto::Fingerprint(round.survey_key.verify_key()),
            .admission = Admission::kCredential};
  }

  Outcome Submit() const {
    return Run({"submit", "--round", round_.Id(), "--now", "--answer",
                "platform=other", "--answer", "region=south", "--answer",
                "hourly_pay=12.50"});
  }

  static crypto::BlindRsaPrivateKey* key_;
  const TempDirectory directory_;
  const std::string wallet_ = directory_.File("wallet");
  const std::string passphrase_ = directory_.File("passphrase");
  const std::string code_file_ = directory_.File("code");
  std::string code_;
  const MadeRound round_ =
      MakeRound({.issuer_public_key = key_->public_key_der()});
  FakeServer server_{round_};
  FakeIssuer office_{*key_};
  GrpcFront front_{server_, &office_};
  const Invitation invitation_ = InvitationTo(round_, front_);
};

crypto::BlindRsaPrivateKey* JoinCommandTest::key_ = nullptr;

TEST_F(JoinCommandTest, OneInvitationIsAllThatAMemberTypesBesidesTheCode) {
  const Outcome joined = Run({"join", WriteInvitation(invitation_)});
  EXPECT_EQ(joined.exit_code, 0) << joined.err;
  EXPECT_THAT(
      joined.out,
      AllOf(
          HasSubstr("These words are the wallet"),
          HasSubstr("joined the survey couriers"), HasSubstr(front_.address()),
          HasSubstr("members only"),
          HasSubstr(crypto::FingerprintWords(round_.survey_key.verify_key()))));
  EXPECT_THAT(server_.Seen(), IsEmpty());

  EXPECT_THAT(Run({"rounds"}).out, HasSubstr("couriers.2026-q1"));
  EXPECT_THAT(Run({"rounds", "--round", round_.Id()}).out,
              HasSubstr("Answers that this round takes"));
  const Outcome enrolled =
      Run({"enrol", "--round", round_.Id(), "--code-file", code_file_});
  EXPECT_EQ(enrolled.exit_code, 0) << enrolled.err;
  const Outcome submitted = Submit();
  EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("Your answer is stored"));
  const Outcome amended =
      Run({"amend", "--round", round_.Id(), "--answer", "platform=other",
           "--answer", "region=south", "--answer", "hourly_pay=13"});
  EXPECT_EQ(amended.exit_code, 0) << amended.err;
  EXPECT_EQ(Run({"withdraw", "--round", round_.Id()}).exit_code, 0);
  EXPECT_THAT(server_.Seen(), SizeIs(3));
}

TEST_F(JoinCommandTest, AnInvitationComesAsALinkOrInAFile) {
  const std::string file = directory_.File("invitation");
  Write(file,
        absl::StrCat("\ufeff",
                     InvitationLink("https://union.example/", invitation_),
                     "\r\n"));
  const Outcome joined = Run({"join", "--file", file, "--json"});
  EXPECT_EQ(joined.exit_code, 0) << joined.err;
  v1::InvitationReport report;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(joined.out, &report).ok());
  EXPECT_EQ(report.invitation(), WriteInvitation(invitation_));
  EXPECT_EQ(report.server(), front_.address());
  EXPECT_EQ(report.admission(), v1::ADMISSION_CREDENTIAL);
  EXPECT_EQ(report.survey_key_words(),
            crypto::FingerprintWords(round_.survey_key.verify_key()));
  EXPECT_EQ(Run({"join", WriteInvitation(invitation_)}).exit_code, 0);
}

TEST_F(JoinCommandTest, ASlipMakesNoWallet) {
  std::string slip = WriteInvitation(invitation_);
  slip[40] = slip[40] == 'A' ? 'B' : 'A';
  const Outcome refused = Run({"join", slip});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("There is a slip"));
  EXPECT_FALSE(std::filesystem::exists(wallet_));
}

TEST_F(JoinCommandTest, AnotherInvitationNeedsAPlainWord) {
  const MadeRound stranger = MakeRound({.seed = 99});
  const Invitation other = InvitationTo(stranger, front_);
  ASSERT_EQ(Run({"join", WriteInvitation(invitation_)}).exit_code, 0);
  const Outcome refused = Run({"join", WriteInvitation(other)});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(
      refused.err,
      AllOf(HasSubstr(crypto::FingerprintWords(round_.survey_key.verify_key())),
            HasSubstr(
                crypto::FingerprintWords(stranger.survey_key.verify_key()))));
  EXPECT_EQ(Run({"join", "--replace", WriteInvitation(other)}).exit_code, 0);
  EXPECT_THAT(Submit().err, HasSubstr("another key than your invitation"));
}

TEST_F(JoinCommandTest, AServerThatShowsSomethingElseGetsNothing) {
  const MadeRound open = MakeRound();
  FakeServer other_admission(open);
  const GrpcFront front(other_admission);
  ASSERT_EQ(Run({"join", WriteInvitation(InvitationTo(open, front))}).exit_code,
            0);
  const Outcome refused = Submit();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("in this round anybody can"));
  EXPECT_THAT(other_admission.Seen(), IsEmpty());
  EXPECT_THAT(Run({"rounds"}).out, HasSubstr("A round that cannot be trusted"));
}

TEST_F(JoinCommandTest, WithoutAnInvitationTheKeyIsNeeded) {
  const std::vector<std::string> first = {
      "submit",    "--server",     front_.address(), "--round",
      round_.Id(), "--now",        "--answer",       "platform=other",
      "--answer",  "region=south", "--answer",       "hourly_pay=12"};
  const Outcome refused = Run(first);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("does not know the survey"),
                    HasSubstr("commonwage join"), HasSubstr("--survey-key")));
  // It is not to be copied from here.
  EXPECT_THAT(
      refused.out + refused.err,
      Not(HasSubstr(crypto::FingerprintWords(round_.survey_key.verify_key()))));
  EXPECT_FALSE(std::filesystem::exists(wallet_));
  EXPECT_EQ(
      Run({"enrol", "--server", front_.address(), "--issuer", front_.address(),
           "--round", round_.Id(), "--code-file", code_file_})
          .exit_code,
      1);
  EXPECT_THAT(office_.seen, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(wallet_));
}

}  // namespace
}  // namespace commonwage::client::cli
