// SPDX-License-Identifier: Apache-2.0
// `commonwage-issuer key`, as its user meets it.

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/program.h"
#include "tests/testing/sample_plan.h"
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
  const std::vector<std::string> manifest = {"--closed-manifest",
                                             service_.File("round.manifest")};
  const testing::ProgramResult early = Destroy(manifest);
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, HasSubstr("has not closed yet"));
  absl::SleepFor(absl::Seconds(7));
  EXPECT_EQ(Destroy(manifest).exit_code, 0);
}

}  // namespace
}  // namespace commonwage
