// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_directory.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "crypto/signature.h"
#include "survey/domain_labels.h"
#include "tests/server/collector/collector_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {
namespace {

using testing::HasReason;
using testing::SampleRound;
using testing::StatusIs;

class RoundDirectoryTest : public CollectorFixture {
 protected:
  absl::StatusOr<v1::GetRoundResponse> Get(const std::string& name) {
    v1::GetRoundRequest request;
    request.set_name(name);
    return directory_.GetRound(request);
  }

  RoundDirectory directory_{board_, *catalogue_, clock_};
};

TEST_F(RoundDirectoryTest, GivesEverythingThatADeviceNeeds) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  const auto answer = Get("rounds/couriers.2026-q1");
  ASSERT_OK(answer);
  const v1::Round& told = answer->round();
  EXPECT_EQ(told.name(), "rounds/couriers.2026-q1");
  EXPECT_EQ(told.state(), v1::ROUND_STATE_OPEN);
  EXPECT_EQ(told.admission(), v1::ADMISSION_OPEN);
  EXPECT_EQ(told.signed_manifest().manifest(), WriteManifest(round.manifest));
  ASSERT_EQ(told.signed_manifest().signatures_size(), 1);
  const v1::Signature& signature = told.signed_manifest().signatures(0);
  EXPECT_TRUE(crypto::Verify(*crypto::VerifyKey::From(signature.verify_key()),
                             kManifestSignatureLabel,
                             told.signed_manifest().manifest(),
                             *crypto::Signature::From(signature.signature())));
}

TEST_F(RoundDirectoryTest, TellsTheStateOfThisMoment) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  clock_.Set(round.manifest.plan.opens_at - absl::Seconds(1));
  ASSERT_OK(keeper_.Refresh());
  const std::string name = "rounds/" + round.id;
  EXPECT_EQ(Get(name)->round().state(), v1::ROUND_STATE_CREATED);
  clock_.Set(round.manifest.plan.opens_at);
  EXPECT_EQ(Get(name)->round().state(), v1::ROUND_STATE_OPEN);
  clock_.Set(round.manifest.plan.closes_at);
  EXPECT_EQ(Get(name)->round().state(), v1::ROUND_STATE_CLOSED);
  ASSERT_OK(keeper_.Refresh());
  host_.ImportRelease(round);
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(Get(name)->round().state(), v1::ROUND_STATE_PUBLISHED);
}

TEST_F(RoundDirectoryTest, ShowsACancellationUntilAReleaseBeatsIt) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  const std::string name = "rounds/" + round.id;
  EXPECT_FALSE(Get(name)->round().has_cancellation());
  ASSERT_OK(host_.OpenCatalogue()->ImportCancellation(round.id, {"off", {}}));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(Get(name)->round().state(), v1::ROUND_STATE_CANCELLED);
  EXPECT_EQ(Get(name)->round().cancellation().cancellation(), "off");
  ASSERT_OK(host_.OpenCatalogue()->ImportRelease(round.id, {"release", {}}));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(Get(name)->round().state(), v1::ROUND_STATE_PUBLISHED);
  EXPECT_FALSE(Get(name)->round().has_cancellation());
}

TEST_F(RoundDirectoryTest, TellsItsTimeToTheHour) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  const absl::Time hour =
      absl::FromCivil(absl::CivilHour(2026, 1, 10, 7), absl::UTCTimeZone());
  clock_.Set(hour + absl::Minutes(59));
  EXPECT_EQ(Get("rounds/" + round.id)->server_hour().seconds(),
            absl::ToUnixSeconds(hour));
}

TEST_F(RoundDirectoryTest, RefusesUnknownAndMalformedNames) {
  EXPECT_THAT(Get("rounds/no.such"), HasReason(Reason::kUnknownRound));
  EXPECT_THAT(Get("rounds/no.such"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get("no.such"), HasReason(Reason::kRequestFaulty));
}

TEST_F(RoundDirectoryTest, ListsTheNewestOpeningFirstPageByPage) {
  std::vector<std::string> expected;
  for (int i = 0; i < 5; ++i) {
    Manifest manifest = host_.SampleManifest(absl::StrCat("r", i));
    manifest.plan.opens_at -= absl::Hours(i);
    expected.push_back("rounds/" + host_.Import(manifest).id);
  }
  ASSERT_OK(keeper_.Refresh());
  std::vector<std::string> names;
  v1::ListRoundsRequest request;
  request.set_page_size(2);
  do {
    const auto answer = directory_.ListRounds(request);
    ASSERT_OK(answer);
    EXPECT_LE(answer->rounds_size(), 2);
    for (const v1::Round& round : answer->rounds()) {
      names.push_back(round.name());
    }
    request.set_page_token(answer->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(names, expected);
}

TEST_F(RoundDirectoryTest, CutsAPageBeforeItsMessageIsTooLong) {
  for (int i = 0; i < 4; ++i) {
    Manifest manifest = host_.SampleManifest(absl::StrCat("r", i));
    for (int j = 0; j < 400; ++j) {
      manifest.plan.labels.push_back(
          {"platform", "", "en", std::string(1000, 'x')});
      manifest.plan.labels.back().language = absl::StrCat("en-x-", j);
    }
    host_.Import(manifest);
  }
  ASSERT_OK(keeper_.Refresh());
  const auto answer = directory_.ListRounds({});
  ASSERT_OK(answer);
  EXPECT_EQ(answer->rounds_size(), 2);
  EXPECT_NE(answer->next_page_token(), "");
}

TEST_F(RoundDirectoryTest, SaysNothingOfHowManyHaveSubmitted) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  const std::string before = Get("rounds/" + round.id)->SerializeAsString();
  for (uint64_t worker = 0; worker < 50; ++worker) {
    ASSERT_OK(Admit(host_.Frame(round, worker)));
  }
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(Get("rounds/" + round.id)->SerializeAsString(), before);
}

}  // namespace
}  // namespace commonwage::server::collector
