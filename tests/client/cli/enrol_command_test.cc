// SPDX-License-Identifier: Apache-2.0
// `commonwage enrol` as people use it.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "survey/enrolment_code.h"
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
using ::testing::HasSubstr;
using ::testing::Not;

class EnrolCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(ReplaceFile({passphrase_, "passphrase"}, "a passphrase\n"));
  }

  // Runs a subcommand with server, round and wallet.
  Outcome Run(const std::string& subcommand,
              const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        subcommand, "--server", front_.address(),    "--round",  round_.Id(),
        "--wallet", wallet_,    "--passphrase-file", passphrase_};
    if (subcommand != "receipt") {
      arguments.insert(arguments.end(), {"--survey-key", survey_key_});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunCommand(arguments);
  }

  template <typename Message>
  static Message FromJson(const std::string& json) {
    Message message;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(json, &message).ok())
        << json;
    return message;
  }

  const TempDirectory directory_;
  const std::string wallet_ = directory_.File("wallet");
  const std::string passphrase_ = directory_.File("passphrase");
  const MadeRound round_ = MakeRound();
  const std::string survey_key_ =
      crypto::Fingerprint(round_.survey_key.verify_key());
  FakeServer server_{round_};
  GrpcFront front_{server_};
};

TEST_F(EnrolCommandTest, MembersEnrolWithTheirCode) {
  const auto key = crypto::BlindRsaPrivateKey::Generate();
  ASSERT_OK(key);
  const MadeRound members =
      MakeRound({.issuer_public_key = key->public_key_der()});
  FakeServer collector(members);
  FakeIssuer office(*key);
  const GrpcFront front(collector, &office);
  SeededRandom random(4);
  const std::string code = FormatEnrolmentCode(DrawEnrolmentCode(random));
  const std::string code_file = directory_.File("code");
  ASSERT_OK(ReplaceFile({code_file, "code"}, code + "\n"));

  const Outcome enrolled =
      RunCommand({"enrol", "--server", front.address(), "--issuer",
                  front.address(), "--round", members.Id(), "--survey-key",
                  survey_key_, "--wallet", wallet_, "--passphrase-file",
                  passphrase_, "--code-file", code_file, "--json"});
  EXPECT_EQ(enrolled.exit_code, 0) << enrolled.err;
  EXPECT_TRUE(FromJson<v1::EnrolmentReport>(enrolled.out).enrolled());
  EXPECT_THAT(enrolled.out + enrolled.err, Not(HasSubstr(code)));
  // Too late to forget: nothing is said of sending, and nothing is sent.
  const Outcome too_late = RunCommand(
      {"submit", "--server", front.address(), "--round", members.Id(),
       "--survey-key", survey_key_, "--wallet", wallet_, "--passphrase-file",
       passphrase_, "--now", "--forgetful", "--answer", "platform=other",
       "--answer", "region=north", "--answer", "hourly_pay=12"});
  EXPECT_EQ(too_late.exit_code, 1);
  EXPECT_THAT(too_late.err, HasSubstr("cannot forget now"));
  EXPECT_THAT(too_late.out, Not(HasSubstr("Sending at once")));
  EXPECT_THAT(collector.Seen(), ::testing::SizeIs(0));
  const Outcome submitted =
      RunCommand({"submit", "--server", front.address(), "--round",
                  members.Id(), "--wallet", wallet_, "--passphrase-file",
                  passphrase_, "--now", "--answer", "platform=other",
                  "--answer", "region=north", "--answer", "hourly_pay=12"});
  EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("Sending at once"));
  EXPECT_THAT(submitted.out, Not(HasSubstr("unverified")));
  EXPECT_THAT(submitted.out, Not(HasSubstr("forgetful")));

  // Who enrolled to forget is told so before the answer leaves.
  const std::string other = directory_.File("other");
  ASSERT_OK(ReplaceFile({code_file, "code"},
                        FormatEnrolmentCode(DrawEnrolmentCode(random)) + "\n"));
  const Outcome forgetful =
      RunCommand({"enrol", "--server", front.address(), "--issuer",
                  front.address(), "--round", members.Id(), "--survey-key",
                  survey_key_, "--wallet", other, "--passphrase-file",
                  passphrase_, "--code-file", code_file, "--forgetful"});
  EXPECT_EQ(forgetful.exit_code, 0) << forgetful.err;
  const Outcome told =
      RunCommand({"submit", "--server", front.address(), "--round",
                  members.Id(), "--wallet", other, "--passphrase-file",
                  passphrase_, "--now", "--answer", "platform=other",
                  "--answer", "region=north", "--answer", "hourly_pay=12"});
  EXPECT_EQ(told.exit_code, 0) << told.err;
  EXPECT_LT(told.out.find("can no longer be changed"),
            told.out.find("Your answer was stored"));
}

TEST_F(EnrolCommandTest, EnrollingTakesOneWayAtATime) {
  const std::string file = directory_.File("file");
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {},
           {"--issuer", "127.0.0.1:1", "--request-out", file},
           {"--request-out", file, "--answer-in", file},
           {"--request-out", file, "--code", "s3cret"},
           {"--answer-in", file, "--forgetful"}}) {
    const Outcome outcome = Run("enrol", more);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("commonwage: "));
    EXPECT_THAT(outcome.err, Not(HasSubstr("s3cret")));
  }
  // An answer belongs to a wallet that is there.
  const Outcome stray = Run("enrol", {"--answer-in", file});
  EXPECT_EQ(stray.exit_code, 1);
  EXPECT_FALSE(ReadFile({wallet_, "wallet"}, 1 << 20).ok());
}

TEST_F(EnrolCommandTest, EnrollingSaysWhichServerIsAway) {
  server_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  const Outcome down =
      Run("enrol", {"--issuer", front_.address(), "--code", "s3cret"});
  EXPECT_EQ(down.exit_code, 1);
  EXPECT_THAT(down.err, HasSubstr("The survey's server cannot be reached. "
                                  "Your code is not used up"));
  EXPECT_THAT(down.err, Not(HasSubstr("s3cret")));
  EXPECT_FALSE(ReadFile({wallet_, "wallet"}, 1 << 20).ok());
}

}  // namespace
}  // namespace commonwage::client::cli
