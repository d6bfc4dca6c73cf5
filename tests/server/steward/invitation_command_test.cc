// SPDX-License-Identifier: Apache-2.0
// `commonwage-steward invitation`, through the real program.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/sodium_random.h"
#include "survey/invitation.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::server::steward {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ProgramResult;
using ::testing::StartsWith;

class InvitationCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
  }

  ProgramResult Invite(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"invitation", "--survey", "couriers",
                                          "--server", "survey.example:443"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return service_.Steward(arguments);
  }

  static Invitation InvitationIn(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const auto invitation = ParseInvitation(result.out);
    EXPECT_OK(invitation);
    return *invitation;
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
};

TEST_F(InvitationCommandTest, SaysWhereAndWhoseTheSurveyIs) {
  const ProgramResult made = Invite({"--office", "office.example:443"});
  const Invitation invitation = InvitationIn(made);
  EXPECT_EQ(invitation.server, "survey.example:443");
  EXPECT_EQ(invitation.office, "office.example:443");
  EXPECT_EQ(invitation.survey, "couriers");
  EXPECT_EQ(invitation.admission, Admission::kCredential);
  const ProgramResult key =
      service_.Steward({"key", "show", "--survey", "couriers"});
  EXPECT_THAT(key.out, HasSubstr(invitation.survey_key));
  EXPECT_THAT(key.out,
              HasSubstr(crypto::WordsOfFingerprint(invitation.survey_key)));
  // A person is told the words; standard output is the text alone.
  EXPECT_THAT(made.err,
              HasSubstr(crypto::WordsOfFingerprint(invitation.survey_key)));
  EXPECT_EQ(made.out, WriteInvitation(invitation) + "\n");
  // The same for everybody.
  EXPECT_EQ(Invite({"--office", "office.example:443"}).out, made.out);
}

TEST_F(InvitationCommandTest, GoesAsALinkAsAPictureAndAsJson) {
  const std::string picture = service_.File("code.svg");
  const ProgramResult made = Invite(
      {"--link", "https://union.example/join", "--qr", picture, "--show-qr"});
  EXPECT_THAT(made.out, StartsWith("https://union.example/join#commonwage-"));
  const Invitation invitation = InvitationIn(made);
  EXPECT_THAT(testing::FileContents(picture).value(),
              AllOf(StartsWith("<svg "), HasSubstr("</svg>")));
  EXPECT_THAT(made.err, HasSubstr("\u2580"));

  const ProgramResult json = Invite({"--json"});
  v1::InvitationReport report;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(json.out, &report).ok());
  EXPECT_EQ(report.invitation(), WriteInvitation(invitation));
  EXPECT_EQ(report.survey_key(), invitation.survey_key);
  EXPECT_THAT(report.link(), IsEmpty());
  EXPECT_THAT(json.err, IsEmpty());
}

TEST_F(InvitationCommandTest, AdmissionIsThatOfTheLatestRoundUnlessSaid) {
  EXPECT_EQ(InvitationIn(Invite({"--admission", "open"})).admission,
            Admission::kOpen);
  EXPECT_EQ(Invite({"--admission", "anybody"}).exit_code, 2);
}

// A slip that was called off invites nobody to anything.
TEST_F(InvitationCommandTest, ARoundThatWasCalledOffSaysNothingOfAdmission) {
  std::ofstream(service_.File("q2.json")) << absl::StrReplaceAll(
      testing::SamplePlanJson(), {{"2026-q1", "2026-q2"}});
  const auto in = [](absl::Duration from_now) {
    return absl::FormatTime(absl::RFC3339_sec, absl::Now() + from_now,
                            absl::UTCTimeZone());
  };
  const ProgramResult made = service_.Steward(
      {"round", "create", "--plan", service_.File("q2.json"), "--operator-key",
       service_.File("operator.key"), "--opens-at", in(absl::Hours(1)),
       "--closes-at", in(absl::Hours(2)), "--out",
       service_.File("q2.manifest")});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(InvitationIn(Invite()).admission, Admission::kOpen);
  ASSERT_EQ(service_
                .Steward({"round", "cancel", "--yes", "--round",
                          "couriers.2026-q2", "--out", service_.File("off")})
                .exit_code,
            0);
  EXPECT_EQ(InvitationIn(Invite()).admission, Admission::kCredential);
}

TEST_F(InvitationCommandTest, WhatNobodyCouldFollowIsRefused) {
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {"--office", "two words"},
           {"--office", "office.example:443", "--admission", "open"},
           {"--link", "union.example"},
           {"--link", "https://union.example/#there"}}) {
    const ProgramResult refused = Invite(more);
    EXPECT_EQ(refused.exit_code, 2) << absl::StrCat(more.back());
    EXPECT_THAT(refused.out, IsEmpty());
  }
  const ProgramResult unknown = service_.Steward(
      {"invitation", "--survey", "nurses", "--server", "survey.example:443"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("no round of such a survey"));
  EXPECT_THAT(unknown.err, Not(HasSubstr("nurses")));
}

TEST_F(InvitationCommandTest, LettersPrintItApartFromTheCode) {
  const std::string file = service_.File("invitation.txt");
  const std::string text = service_.Invite("survey.example:443");
  std::ofstream(file) << text;
  std::ofstream(service_.File("members.csv")) << "member\nanna\n";
  ASSERT_EQ(service_.Issuer({"members", "import", service_.File("members.csv")})
                .exit_code,
            0);
  const auto letters = [&](const std::string& invitation) {
    return service_.Issuer(
        {"members", "letters", "--out", service_.File("letters"), "--office",
         "a.example", "--until", "2026-12-31", "--invitation", invitation});
  };
  std::ofstream(service_.File("slip.txt")) << text.substr(0, 60);
  EXPECT_EQ(letters(service_.File("slip.txt")).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(service_.File("letters")));
  const ProgramResult written = letters(file);
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_THAT(testing::FileContents(service_.File("letters/0001.html")).value(),
              AllOf(HasSubstr(text), HasSubstr("<svg "), HasSubstr("anna")));
}

}  // namespace
}  // namespace commonwage::server::steward
