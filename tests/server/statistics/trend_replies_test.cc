// SPDX-License-Identifier: Apache-2.0
// Trend as it is answered: every round of a survey, in the one order of rounds.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commonwage/v1/statistics_service.pb.h"
#include "server/statistics/release_index.h"
#include "server/statistics/reply_cache.h"
#include "tests/server/online_host.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::statistics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TrendRepliesTest : public ::testing::Test {
 protected:
  TrendRepliesTest() {
    host_.ImportRelease(host_.Import(host_.SampleManifest()));
    EXPECT_OK(index_.Refresh());
  }

  absl::StatusOr<v1::TrendResponse> Ask(const v1::TrendRequest& request) {
    const auto bytes =
        replies_.Reply(Call::kTrend, request.SerializeAsString());
    if (!bytes.ok()) {
      return bytes.status();
    }
    v1::TrendResponse response;
    EXPECT_TRUE(response.ParseFromString(**bytes));
    return response;
  }

  static v1::CellCoordinate Platform(const std::string& value) {
    v1::CellCoordinate cell;
    cell.set_dimension("platform");
    cell.add_values(value);
    return cell;
  }

  static v1::TrendRequest OfOther() {
    v1::TrendRequest request;
    request.set_survey("couriers");
    request.add_by("platform");
    *request.add_cell() = Platform("other");
    return request;
  }

  testing::OnlineHost host_;
  std::unique_ptr<storage::Catalogue> catalogue_ = host_.OpenCatalogue();
  ReleaseIndex index_{*catalogue_};
  ReplyCache replies_{index_};
};

TEST_F(TrendRepliesTest, RoundsStandByOpeningThenClosingThenName) {
  const auto publish = [this](const std::string& round, int64_t days) {
    Manifest manifest = host_.SampleManifest(round);
    manifest.plan.closes_at += absl::Hours(24 * days);
    host_.ImportRelease(host_.Import(manifest));
  };
  publish("late", 20);
  publish("soon", 10);
  publish("also-soon", 10);
  ASSERT_OK(index_.Refresh());
  const auto trend = Ask(OfOther());
  ASSERT_OK(trend);
  std::vector<std::string> names;
  for (const v1::TrendPoint& point : trend->points()) {
    names.push_back(point.name());
  }
  EXPECT_THAT(
      names,
      ElementsAre("releases/couriers.2026-q1", "releases/couriers.also-soon",
                  "releases/couriers.soon", "releases/couriers.late"));
  EXPECT_EQ(trend->points(2).change().since(), "releases/couriers.also-soon");
}

TEST_F(TrendRepliesTest, FollowsACellOverTheRoundsOldestFirst) {
  Manifest later = host_.SampleManifest("2026-q2");
  later.plan.opens_at += absl::Hours(24 * 90);
  later.plan.closes_at += absl::Hours(24 * 90);
  host_.ImportRelease(host_.Import(later));
  ASSERT_OK(index_.Refresh());

  v1::TrendRequest request = OfOther();
  const auto trend = Ask(request);
  ASSERT_OK(trend);
  ASSERT_EQ(trend->points_size(), 2);
  EXPECT_EQ(trend->points(0).name(), "releases/couriers.2026-q1");
  EXPECT_FALSE(trend->points(0).has_change());
  EXPECT_EQ(trend->points(1).name(), "releases/couriers.2026-q2");
  EXPECT_TRUE(trend->points(1).has_wage());
  ASSERT_TRUE(trend->points(1).has_change());
  const v1::ChangeFigures& change = trend->points(1).change();
  EXPECT_EQ(change.since(), "releases/couriers.2026-q1");
  EXPECT_EQ(change.relative_change().position(), v1::POSITION_INSIDE);
  EXPECT_NE(change.verdict(), v1::VERDICT_UNSPECIFIED);
  EXPECT_TRUE(change.has_minimum_detectable_change());
  EXPECT_EQ(trend->quantile(), 0.5);
  EXPECT_FALSE(trend->points(1).has_coarser_table());
  EXPECT_EQ(trend->currency(), "EUR");
  EXPECT_EQ(trend->period(), "HOUR");
  EXPECT_THAT(trend->points(1).citation(), HasSubstr("[platform=other]"));
}

TEST_F(TrendRepliesTest, NamesEveryRoundOfATrendAndWhatAChangeCountsFrom) {
  const auto publish = [this](int quarter, const auto& change) {
    Manifest manifest =
        host_.SampleManifest("2026-q" + std::to_string(quarter));
    manifest.plan.opens_at += absl::Hours(24 * 90 * (quarter - 1));
    manifest.plan.closes_at += absl::Hours(24 * 90 * (quarter - 1));
    change(manifest);
    host_.ImportRelease(host_.Import(manifest));
  };
  const auto same = [](const Manifest& /*manifest*/) {};
  // The second round does not ask for the platform alone.
  publish(2, [](Manifest& manifest) {
    manifest.plan.marginals.erase(manifest.plan.marginals.begin());
    manifest.taus.erase(manifest.taus.begin());
  });
  publish(3, same);
  publish(4, same);
  ASSERT_OK(index_.Refresh());

  v1::TrendRequest request = OfOther();
  const auto trend = Ask(request);
  ASSERT_OK(trend);
  ASSERT_EQ(trend->points_size(), 4);
  EXPECT_TRUE(trend->points(0).has_wage());
  EXPECT_EQ(trend->points(1).name(), "releases/couriers.2026-q2");
  EXPECT_TRUE(trend->points(1).has_not_asked());
  EXPECT_EQ(trend->points(2).change().since(), "releases/couriers.2026-q1");
  EXPECT_EQ(trend->points(3).change().since(), "releases/couriers.2026-q3");
  EXPECT_EQ(trend->points(2).change().SerializeAsString(),
            trend->points(2).change_since_first().SerializeAsString());
  EXPECT_EQ(trend->points(3).change_since_first().since(),
            "releases/couriers.2026-q1");

  // A cell that is withheld in every round is named in every round, alike.
  *request.mutable_cell(0) = Platform("bolt-bike");
  const auto withheld = Ask(request);
  ASSERT_OK(withheld);
  ASSERT_EQ(withheld->points_size(), 4);
  for (const int round : {0, 2, 3}) {
    EXPECT_TRUE(withheld->points(round).has_withheld());
    EXPECT_FALSE(withheld->points(round).has_change());
  }
}

}  // namespace
}  // namespace commonwage::server::statistics
