// SPDX-License-Identifier: Apache-2.0
#include "client/cli/first_use.h"

#include <filesystem>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file/kept_file.h"
#include "client/round_trust.h"
#include "crypto/fingerprint.h"
#include "crypto/opening/opening_key.h"
#include "survey/answer.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "tests/client/grpc_front.h"
#include "tests/command/run_on_terminal.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::client::cli {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::GrpcFront;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::ProgramResult;
using ::commonwage::testing::TempDirectory;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ConfirmKeyTest : public ::testing::Test {
 protected:
  absl::Status Confirm(const MadeRound& round, const std::string& typed) {
    const auto trusted =
        CheckRound(round.ToProto(v1::ROUND_STATE_OPEN), round.Id(), {});
    EXPECT_OK(trusted);
    std::istringstream in(typed);
    out_.str("");
    return ConfirmKey(*trusted, in, out_);
  }

  const MadeRound round_ = MakeRound();
  std::ostringstream out_;
};

TEST_F(ConfirmKeyTest, YesTheWordsAndTheDigitsConfirmIt) {
  const crypto::VerifyKey& key = round_.survey_key.verify_key();
  for (const std::string& typed :
       {std::string("yes\n"), std::string(" YES \r\n"),
        crypto::FingerprintWords(key) + "\n", crypto::Fingerprint(key)}) {
    EXPECT_OK(Confirm(round_, typed)) << typed;
    EXPECT_THAT(out_.str(), HasSubstr(crypto::FingerprintWords(key)));
  }
}

TEST_F(ConfirmKeyTest, NothingElseDoes) {
  for (const char* typed : {"", "\n", "y\n", "no\n", "sure\n"}) {
    EXPECT_THAT(Confirm(round_, typed), HasReason(Reason::kNotConfirmed));
  }
  EXPECT_THAT(
      Confirm(round_, crypto::FingerprintWords(
                          MakeRound({.seed = 99}).survey_key.verify_key())),
      HasReason(Reason::kSurveyKeyDiffers));
}

TEST_F(ConfirmKeyTest, ARoundThatIsOpenToEverybodyIsNamedSoFirst) {
  EXPECT_OK(Confirm(round_, "yes"));
  EXPECT_LT(out_.str().find("Anybody can answer in this survey's round, more "
                            "than once"),
            out_.str().find("type yes"));
  EXPECT_OK(Confirm(MakeRound({.issuer_public_key = "a key"}), "yes"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("Anybody can answer")));
}

// The real program, before a person.
class FirstUseOnTerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(ReplaceFile({passphrase_, "passphrase"}, "a passphrase\n"));
  }

  ProgramResult Submit(const std::string& typed) {
    return commonwage::testing::RunOnTerminal(
        COMMONWAGE_PROGRAM,
        {"submit", "--now", "--server", front_.address(), "--round",
         round_.Id(), "--wallet", wallet_, "--passphrase-file", passphrase_},
        typed);
  }

  const TempDirectory directory_;
  const std::string wallet_ = directory_.File("wallet");
  const std::string passphrase_ = directory_.File("passphrase");
  const MadeRound round_ = MakeRound();
  FakeServer server_{round_};
  GrpcFront front_{server_};
};

TEST_F(FirstUseOnTerminalTest, TheKeyAndWhoCanAnswerComeBeforeAnythingElse) {
  const ProgramResult stopped = Submit("no\n");
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(
      stopped.err,
      AllOf(HasSubstr(crypto::FingerprintWords(round_.survey_key.verify_key())),
            HasSubstr("Anybody can answer"), HasSubstr("was not confirmed")));
  // No question was asked, and no wallet made.
  EXPECT_THAT(stopped.err, Not(HasSubstr("platform")));
  EXPECT_FALSE(std::filesystem::exists(wallet_));
  // The words on the paper are not these.
  const crypto::VerifyKey other =
      MakeRound({.seed = 99}).survey_key.verify_key();
  EXPECT_EQ(Submit(crypto::FingerprintWords(other) + "\n").exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(wallet_));
  EXPECT_THAT(server_.Seen(), IsEmpty());
}

TEST_F(FirstUseOnTerminalTest, AfterAYesTheQuestionsFollowAndTheKeyStays) {
  const ProgramResult sent = Submit("yes\nfast-food\nsouth\n13.50\n");
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  EXPECT_LT(sent.err.find("type yes"), sent.err.find("platform"));
  EXPECT_THAT(sent.out, HasSubstr("Your answer is stored"));
  const auto seen = server_.Seen();
  ASSERT_THAT(seen, SizeIs(1));
  // Whoever made the round reads it: a yes is a person's word, and final.
  const auto frame = FrameView::Parse(seen.front());
  ASSERT_OK(frame);
  const auto plain = crypto::opening::Open(
      round_.opening_key, frame->enc(),
      absl::StrCat(kSealLabel, round_.manifest_hash.view()), frame->aad(),
      frame->ciphertext());
  ASSERT_OK(plain);
  EXPECT_EQ(*DecodeAnswer(*plain, round_.manifest.plan),
            (Answer{{1, 1}, {1350}}));
  // Ctrl-D at the first question, which comes at once.
  const ProgramResult again = Submit("\x04");
  EXPECT_THAT(again.err,
              AllOf(HasSubstr("platform"), Not(HasSubstr("type yes"))));
}

}  // namespace
}  // namespace commonwage::client::cli
