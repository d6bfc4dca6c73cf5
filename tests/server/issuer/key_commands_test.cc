// SPDX-License-Identifier: Apache-2.0
// `commonwage-issuer key`, as its user meets it.

#include <fstream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commonwage/v1/round.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/program.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::HasSubstr;

constexpr int kWrongUse = 2;

class KeyCommandsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound({.plan_json = testing::SamplePlanJson(),
                          .open_for_seconds = 5,
                          .with_credentials = true});
  }

  testing::ProgramResult Destroy(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"key", "destroy", "--round",
                                          service_.round_id()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return service_.Issuer(arguments);
  }

  // The survey's key as the signed manifest names it.
  static std::string SurveyKey(const testing::EmbeddedService& service) {
    v1::SignedManifest file;
    EXPECT_TRUE(file.ParseFromString(
        testing::FileContents(service.File("round.manifest")).value()));
    return crypto::Fingerprint(
        crypto::VerifyKey::From(file.signatures(0).verify_key()).value());
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
};

TEST_F(KeyCommandsTest, DestroyingSaysWhatItDoesAndWaitsForAYes) {
  const testing::ProgramResult asked = Destroy({});
  EXPECT_EQ(asked.exit_code, kWrongUse);
  EXPECT_THAT(asked.err, HasSubstr("never gets another key"));
  EXPECT_THAT(service_.Issuer({"key", "list"}).out,
              HasSubstr(service_.round_id() + "  has its key"));
  EXPECT_EQ(Destroy({"--yes"}).exit_code, 0);
  EXPECT_THAT(service_.Issuer({"key", "list"}).out,
              HasSubstr(service_.round_id() + "  destroyed"));
  EXPECT_THAT(service_.Issuer({"key", "list", "--json"}).out,
              HasSubstr("\"has_key\": false"));
}

TEST_F(KeyCommandsTest, AManifestIsAYesOnceItsRoundHasClosed) {
  const std::vector<std::string> manifest = {
      "--closed-manifest", service_.File("round.manifest"), "--survey-key",
      SurveyKey(service_)};
  const testing::ProgramResult early = Destroy(manifest);
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, HasSubstr("has not closed yet"));
  absl::SleepFor(absl::Seconds(7));
  EXPECT_EQ(Destroy(manifest).exit_code, 0);
}

TEST_F(KeyCommandsTest, AnybodysManifestDestroysNothing) {
  const std::string manifest = service_.File("round.manifest");
  EXPECT_EQ(Destroy({"--closed-manifest", manifest}).exit_code, kWrongUse);
  EXPECT_EQ(Destroy({"--closed-manifest", manifest, "--survey-key", "s3cret"})
                .exit_code,
            kWrongUse);

  // A stranger writes a manifest for the same round.
  testing::EmbeddedService stranger{COMMONWAGE_BIN_DIR};
  stranger.CreateRound({.plan_json = testing::SamplePlanJson(),
                        .open_for_seconds = 5,
                        .with_credentials = true});
  ASSERT_EQ(stranger.round_id(), service_.round_id());
  const testing::ProgramResult forged =
      Destroy({"--closed-manifest", stranger.File("round.manifest"),
               "--survey-key", SurveyKey(service_)});
  EXPECT_EQ(forged.exit_code, 1);
  EXPECT_THAT(forged.err, HasSubstr("not signed by that survey key"));
  // Even the right signer's manifest must be for this very key.
  const testing::ProgramResult another =
      Destroy({"--closed-manifest", stranger.File("round.manifest"),
               "--survey-key", SurveyKey(stranger)});
  EXPECT_EQ(another.exit_code, 1);
  EXPECT_THAT(another.err, HasSubstr("another key"));
  // Of two signatures the survey key's holds, and the stranger's does not.
  v1::SignedManifest mixed;
  ASSERT_TRUE(mixed.ParseFromString(testing::FileContents(manifest).value()));
  v1::SignedManifest theirs;
  ASSERT_TRUE(theirs.ParseFromString(
      testing::FileContents(stranger.File("round.manifest")).value()));
  *mixed.add_signatures() = theirs.signatures(0);
  std::ofstream(service_.File("mixed.manifest")) << mixed.SerializeAsString();
  const testing::ProgramResult refused =
      Destroy({"--closed-manifest", service_.File("mixed.manifest"),
               "--survey-key", SurveyKey(service_)});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("signature does not hold"));
  EXPECT_THAT(service_.Issuer({"key", "list"}).out,
              HasSubstr(service_.round_id() + "  has its key"));
}

TEST_F(KeyCommandsTest, ACancellationIsAYesAtAnyTime) {
  const std::string file = service_.File("round.cancellation");
  ASSERT_EQ(service_
                .Steward({"round", "cancel", "--yes", "--round",
                          service_.round_id(), "--out", file})
                .exit_code,
            0);
  EXPECT_EQ(Destroy({"--cancellation", file}).exit_code, kWrongUse);
  EXPECT_EQ(Destroy({"--cancellation", file, "--closed-manifest",
                     service_.File("round.manifest"), "--survey-key",
                     SurveyKey(service_)})
                .exit_code,
            kWrongUse);
  // A stranger's is none.
  testing::EmbeddedService stranger{COMMONWAGE_BIN_DIR};
  stranger.CreateRound({.plan_json = testing::SamplePlanJson(),
                        .open_for_seconds = 5,
                        .with_credentials = true});
  const std::string forged = stranger.File("round.cancellation");
  ASSERT_EQ(stranger
                .Steward({"round", "cancel", "--yes", "--round",
                          stranger.round_id(), "--out", forged})
                .exit_code,
            0);
  for (const auto& key : {SurveyKey(service_), SurveyKey(stranger)}) {
    EXPECT_EQ(
        Destroy({"--cancellation", forged, "--survey-key", key}).exit_code, 1);
  }
  EXPECT_THAT(service_.Issuer({"key", "list"}).out,
              HasSubstr(service_.round_id() + "  has its key"));
  const testing::ProgramResult done =
      Destroy({"--cancellation", file, "--survey-key", SurveyKey(service_)});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("was called off"));
  EXPECT_THAT(service_.Issuer({"key", "list"}).out,
              HasSubstr(service_.round_id() + "  called off, destroyed"));
}

TEST_F(KeyCommandsTest, TheKeyFileOfAnotherRoundIsRefusedByTheSteward) {
  const testing::ProgramResult made =
      service_.Issuer({"key", "create", "--round", "couriers.2031-q4", "--out",
                       service_.File("other.key")});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const testing::ProgramResult refused = service_.Steward(
      {"round", "create", "--plan", service_.File("plan.json"), "--admission",
       "credential", "--operator-key", service_.File("operator.key"),
       "--issuer-key", service_.File("other.key"), "--out",
       service_.File("wrong.manifest")});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("is for round couriers.2031-q4"));
}

}  // namespace
}  // namespace commonwage
