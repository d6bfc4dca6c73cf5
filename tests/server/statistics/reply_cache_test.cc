// SPDX-License-Identifier: Apache-2.0
#include "server/statistics/reply_cache.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/verify/verified_figures.h"
#include "commonwage/v1/round.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/hash.h"
#include "server/statistics/release_index.h"
#include "survey/domain_labels.h"
#include "survey/release.h"
#include "tests/server/online_host.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::statistics {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::SampleRound;
using testing::StatusIs;

class ReplyCacheTest : public ::testing::Test {
 protected:
  ReplyCacheTest() {
    host_.ImportRelease(round_);
    EXPECT_OK(index_.Refresh());
  }

  // Asks, and reads the answer.
  template <typename Response, typename Request>
  absl::StatusOr<Response> Ask(Call call, const Request& request) {
    const auto bytes = replies_.Reply(call, request.SerializeAsString());
    if (!bytes.ok()) {
      return bytes.status();
    }
    Response response;
    EXPECT_TRUE(response.ParseFromString(**bytes));
    return response;
  }

  absl::StatusOr<v1::SummarizeResponse> Summarize(
      const v1::SummarizeRequest& request) {
    return Ask<v1::SummarizeResponse>(Call::kSummarize, request);
  }

  static v1::SummarizeRequest ByPlatform() {
    v1::SummarizeRequest request;
    request.set_name("releases/couriers.2026-q1");
    request.add_by("platform");
    return request;
  }

  static v1::CellCoordinate Platform(const std::string& value) {
    v1::CellCoordinate cell;
    cell.set_dimension("platform");
    cell.add_values(value);
    return cell;
  }

  testing::OnlineHost host_;
  SampleRound round_ = host_.Import(host_.SampleManifest());
  std::unique_ptr<storage::Catalogue> catalogue_ = host_.OpenCatalogue();
  ReleaseIndex index_{*catalogue_};
  ReplyCache replies_{index_};
};

TEST_F(ReplyCacheTest, ListsReleasesAndTheirDigests) {
  const auto list = Ask<v1::ListReleasesResponse>(Call::kListReleases,
                                                  v1::ListReleasesRequest());
  ASSERT_OK(list);
  ASSERT_EQ(list->releases_size(), 1);
  const v1::ReleaseSummary& release = list->releases(0);
  EXPECT_EQ(release.name(), "releases/couriers.2026-q1");
  EXPECT_EQ(release.survey(), "couriers");
  EXPECT_EQ(release.round(), "2026-q1");
  EXPECT_EQ(release.admission(), v1::ADMISSION_OPEN);
  const auto artefact = catalogue_->FindRelease(round_.id).value();
  EXPECT_EQ(release.release_digest(),
            crypto::Sha256(kReleaseHashLabel, artefact->bytes).view());
}

TEST_F(ReplyCacheTest, GivesTheArtefactExactlyAsItWasSigned) {
  v1::DownloadReleaseRequest request;
  request.set_name("releases/couriers.2026-q1");
  const auto signed_release =
      Ask<v1::SignedRelease>(Call::kDownloadRelease, request);
  ASSERT_OK(signed_release);
  const auto artefact = catalogue_->FindRelease(round_.id).value();
  EXPECT_EQ(signed_release->release(), artefact->bytes);
  EXPECT_EQ(signed_release->manifest().manifest(),
            WriteManifest(round_.manifest));
  EXPECT_EQ(signed_release->signatures_size(), 1);
  EXPECT_EQ(signed_release->manifest().signatures_size(), 1);
}

TEST_F(ReplyCacheTest, SummarizesEveryCellInPlanOrderAndCitesIt) {
  const auto summary = Summarize(ByPlatform());
  ASSERT_OK(summary);
  EXPECT_EQ(summary->release().name(), "releases/couriers.2026-q1");
  EXPECT_EQ(summary->release().manifest_hash(), round_.hash.view());
  EXPECT_EQ(summary->release().currency(), "EUR");
  EXPECT_EQ(summary->release().minor_unit_exponent(), 2);
  EXPECT_EQ(summary->release().period(), "HOUR");
  EXPECT_EQ(summary->release().marginal(), "platform");
  EXPECT_EQ(summary->release().k(), 10);
  ASSERT_EQ(summary->cells_size(), 4);

  const v1::CellSummary& withheld = summary->cells(0);
  EXPECT_TRUE(withheld.has_withheld());
  EXPECT_EQ(withheld.key(0).values(0), "bolt-bike");
  const v1::CellSummary& shown = summary->cells(1);
  ASSERT_TRUE(shown.has_figures());
  EXPECT_EQ(shown.key(0).dimension(), "platform");
  EXPECT_EQ(shown.key(0).values(0), "fast-food");
  EXPECT_THAT(shown.citation(),
              ::testing::MatchesRegex("couriers.2026-q1 sha256:[0-9a-f]{64} "
                                      "platform.platform=fast-food."));
}

TEST_F(ReplyCacheTest, GivesEveryFigureAnIntervalAndTwoReasonsForItsWidth) {
  v1::SummarizeRequest request = ByPlatform();
  request.mutable_statistics()->set_count(true);
  request.mutable_statistics()->add_quantiles(0.5);
  request.mutable_statistics()->set_trimmed_mean(true);
  request.mutable_statistics()->set_histogram(true);
  request.mutable_statistics()->add_shares_below(1200);
  const auto summary = Summarize(request);
  ASSERT_OK(summary);
  const v1::CellFigures& figures = summary->cells(1).figures();
  EXPECT_NEAR(figures.count().value(), 440, 10);
  EXPECT_NEAR(figures.quantiles(0).wage().value(), 1300, 60);
  EXPECT_NEAR(figures.shares_below(0).share().value(), 7.0 / 16, 0.05);
  ASSERT_EQ(figures.histogram_size(), 16);
  EXPECT_FALSE(figures.histogram(0).has_low());
  EXPECT_EQ(figures.histogram(0).high(), 600);
  EXPECT_EQ(figures.histogram(15).low(), 2200);
  EXPECT_FALSE(figures.histogram(15).has_high());
  for (const v1::Estimate& estimate :
       {figures.quantiles(0).wage(), figures.trimmed_mean(),
        figures.shares_below(0).share(), figures.histogram(3).estimate()}) {
    EXPECT_LT(estimate.interval().low(), estimate.value());
    EXPECT_GT(estimate.interval().high(), estimate.value());
    EXPECT_GT(estimate.noise_sd(), 0);
    EXPECT_GT(estimate.sampling_sd(), 0);
    EXPECT_NE(estimate.quality(), v1::QUALITY_UNSPECIFIED);
  }
}

TEST_F(ReplyCacheTest, GivesTheSameBytesForTheSameRequest) {
  const std::string request = ByPlatform().SerializeAsString();
  const ReplyBytes first = *replies_.Reply(Call::kSummarize, request);
  EXPECT_EQ(replies_.FindReply(Call::kSummarize, request), first);
  // From the beginning, by another server with the same releases.
  const auto catalogue = host_.OpenCatalogue();
  ReleaseIndex other_index(*catalogue);
  ASSERT_OK(other_index.Refresh());
  ReplyCache other(other_index);
  EXPECT_EQ(other.FindReply(Call::kSummarize, request), nullptr);
  EXPECT_EQ(**other.Reply(Call::kSummarize, request), *first);
}

TEST_F(ReplyCacheTest, SimultaneousIntervalsSayThatTheyAre) {
  v1::SummarizeRequest request = ByPlatform();
  const auto usual = Summarize(request);
  ASSERT_OK(usual);
  EXPECT_FALSE(usual->simultaneous());
  EXPECT_DOUBLE_EQ(usual->confidence(), 0.95);
  request.set_simultaneous(true);
  const auto wide = Summarize(request);
  ASSERT_OK(wide);
  EXPECT_TRUE(wide->simultaneous());
  // Three of the four cells are shown, with a count and three quartiles each.
  EXPECT_EQ(wide->intervals_at_once(), 12);
  EXPECT_EQ(usual->intervals_at_once(), 0);
  EXPECT_DOUBLE_EQ(wide->confidence(), 1 - 0.05 / 12);
  for (int i = 1; i < 4; ++i) {
    const v1::Interval& narrow = usual->cells(i).figures().count().interval();
    const v1::Interval& wider = wide->cells(i).figures().count().interval();
    EXPECT_LT(wider.low(), narrow.low());
    EXPECT_GT(wider.high(), narrow.high());
    EXPECT_EQ(wide->cells(i).figures().count().value(),
              usual->cells(i).figures().count().value());
  }
  EXPECT_TRUE(wide->cells(0).has_withheld());
  // Same request, same bytes; and not those of the other request.
  ReplyCache other(index_);
  EXPECT_EQ(**other.Reply(Call::kSummarize, request.SerializeAsString()),
            **replies_.Reply(Call::kSummarize, request.SerializeAsString()));
}

// Whoever verifies a release sees what a server shows, to the byte.
TEST_F(ReplyCacheTest, AVerifiersOwnFiguresAreTheServersToTheByte) {
  v1::DownloadReleaseRequest download;
  download.set_name("releases/couriers.2026-q1");
  const auto files = Ask<v1::SignedRelease>(Call::kDownloadRelease, download);
  ASSERT_OK(files);
  auto artefact = ParseRelease(files->release());
  ASSERT_OK(artefact);
  const auto figures =
      privacy::estimate::Figures::Of(round_.manifest, *std::move(artefact));
  ASSERT_OK(figures);
  const auto tables = client::TablesOf(*figures, *files);
  ASSERT_OK(tables);
  ASSERT_EQ(tables->size(), 2U);
  for (const v1::SummarizeResponse& table : *tables) {
    v1::SummarizeRequest request;
    request.set_name(download.name());
    for (const v1::CellCoordinate& coordinate : table.cells(0).key()) {
      request.add_by(coordinate.dimension());
    }
    request.mutable_statistics()->set_count(true);
    for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9}) {
      request.mutable_statistics()->add_quantiles(p);
    }
    EXPECT_EQ(table.SerializeAsString(),
              **replies_.Reply(Call::kSummarize, request.SerializeAsString()));
  }
}

TEST_F(ReplyCacheTest, DoesNotTakeOneCallForAnother) {
  const std::string request = ByPlatform().SerializeAsString();
  ASSERT_OK(replies_.Reply(Call::kSummarize, request));
  EXPECT_EQ(replies_.FindReply(Call::kCompare, request), nullptr);
}

TEST_F(ReplyCacheTest, MakesWithheldCellsAlikeButForTheirKey) {
  v1::SummarizeRequest request = ByPlatform();
  request.add_by("region");
  const auto summary = Summarize(request);
  ASSERT_OK(summary);
  ASSERT_EQ(summary->cells_size(), 12);
  v1::CellSummary withheld = summary->cells(0);
  ASSERT_TRUE(withheld.has_withheld());
  EXPECT_EQ(withheld.withheld().ByteSizeLong(), 0U);
  EXPECT_FALSE(withheld.has_figures());
}

TEST_F(ReplyCacheTest, ComparesTwoCells) {
  v1::CompareRequest request;
  request.set_name("releases/couriers.2026-q1");
  request.add_by("platform");
  *request.add_a() = Platform("fast-food");
  *request.add_base() = Platform("other");
  const auto gap = Ask<v1::CompareResponse>(Call::kCompare, request);
  ASSERT_OK(gap);
  ASSERT_TRUE(gap->has_figures());
  EXPECT_NEAR(gap->figures().relative_gap().value(), 0, 0.05);
  EXPECT_NE(gap->figures().verdict(), v1::VERDICT_UNSPECIFIED);
  EXPECT_GT(gap->figures().wage_a().value(), 0);
  EXPECT_THAT(gap->citation(), HasSubstr("[platform=fast-food] against "
                                         "[platform=other]"));

  EXPECT_EQ(gap->quantile(), 0.5);
  EXPECT_EQ(gap->a(0).values(0), "fast-food");
  EXPECT_EQ(gap->base(0).dimension(), "platform");
  EXPECT_EQ(gap->base(0).values(0), "other");
  request.set_quantile(0.75);
  const auto p75 = Ask<v1::CompareResponse>(Call::kCompare, request);
  ASSERT_OK(p75);
  EXPECT_EQ(p75->quantile(), 0.75);
  EXPECT_GT(p75->figures().wage_a().value(), gap->figures().wage_a().value());

  *request.mutable_base(0) = Platform("bolt-bike");
  const auto withheld = Ask<v1::CompareResponse>(Call::kCompare, request);
  ASSERT_OK(withheld);
  EXPECT_TRUE(withheld->has_withheld());

  *request.mutable_base(0) = Platform("fast-food");
  EXPECT_THAT(Ask<v1::CompareResponse>(Call::kCompare, request),
              HasReason(Reason::kOverlappingCells));
}

// A hundredth of the people is in the open bin below the grid.
TEST_F(ReplyCacheTest, WhatIsOffTheGridIsABoundOrNoNumber) {
  v1::SummarizeRequest cells = ByPlatform();
  cells.mutable_statistics()->add_quantiles(0.01);
  cells.mutable_statistics()->add_quantiles(0.5);
  const auto summary = Summarize(cells);
  ASSERT_OK(summary);
  const v1::CellFigures& figures = summary->cells(1).figures();
  EXPECT_EQ(figures.quantiles(0).wage().position(), v1::POSITION_BELOW);
  EXPECT_EQ(figures.quantiles(1).wage().position(), v1::POSITION_INSIDE);

  v1::CompareRequest request;
  request.set_name("releases/couriers.2026-q1");
  request.add_by("platform");
  *request.add_a() = Platform("fast-food");
  *request.add_base() = Platform("other");
  request.set_quantile(0.01);
  const auto gap = Ask<v1::CompareResponse>(Call::kCompare, request);
  ASSERT_OK(gap);
  EXPECT_EQ(gap->figures().relative_gap().position(), v1::POSITION_UNKNOWN);
  EXPECT_EQ(gap->figures().relative_gap().value(), 0);
  EXPECT_FALSE(gap->figures().has_minimum_detectable_gap());
}

// The plan says so, whether anything is withheld or not.
TEST_F(ReplyCacheTest, ASumNamesTheTableThatWouldNotNeedItsParts) {
  v1::SummarizeRequest request = ByPlatform();
  EXPECT_FALSE(Summarize(request)->has_coarser_table());
  request.add_by("region");
  v1::CellFilter& filter = *request.add_where();
  filter.set_dimension("region");
  filter.set_combine(true);
  const auto by_platform = Summarize(request);
  ASSERT_OK(by_platform);
  EXPECT_EQ(by_platform->cells(1).key(1).values_size(), 3);
  EXPECT_EQ(by_platform->coarser_table().marginal(), "platform");
  ASSERT_EQ(by_platform->coarser_table().by_size(), 1);
  EXPECT_EQ(by_platform->coarser_table().by(0), "platform");

  v1::CompareRequest regions;
  regions.set_name(request.name());
  *regions.mutable_by() = request.by();
  regions.add_a()->set_dimension("region");
  regions.mutable_a(0)->add_values("north");
  regions.add_base()->set_dimension("region");
  regions.mutable_base(0)->add_values("south");
  const auto gap = Ask<v1::CompareResponse>(Call::kCompare, regions);
  ASSERT_OK(gap);
  EXPECT_TRUE(gap->has_withheld());
  EXPECT_EQ(gap->coarser_table().by(0), "region");
  EXPECT_EQ(gap->coarser_table().marginal(), "");
}

TEST_F(ReplyCacheTest, ForgetsListsAndTrendsWhenARoundIsPublished) {
  v1::TrendRequest request;
  request.set_survey("couriers");
  request.add_by("platform");
  *request.add_cell() = Platform("other");
  EXPECT_EQ(Ask<v1::TrendResponse>(Call::kTrend, request)->points_size(), 1);
  host_.ImportRelease(host_.Import(host_.SampleManifest("2026-q2")));
  ASSERT_OK(index_.Refresh());
  EXPECT_EQ(Ask<v1::TrendResponse>(Call::kTrend, request)->points_size(), 2);
}

TEST_F(ReplyCacheTest, RefusesWhatIsNotThere) {
  v1::SummarizeRequest unknown = ByPlatform();
  unknown.set_name("releases/couriers.2025-q1");
  EXPECT_THAT(Summarize(unknown), HasReason(Reason::kUnknownRelease));
  EXPECT_THAT(Summarize(unknown), StatusIs(absl::StatusCode::kNotFound));

  v1::SummarizeRequest no_marginal = ByPlatform();
  no_marginal.set_by(0, "region");
  EXPECT_THAT(Summarize(no_marginal), HasReason(Reason::kNoSuchMarginal));

  v1::SummarizeRequest no_cell = ByPlatform();
  no_cell.add_where()->set_dimension("platform");
  no_cell.mutable_where(0)->add_values("nowhere");
  EXPECT_THAT(Summarize(no_cell), HasReason(Reason::kUnknownCell));

  v1::TrendRequest trend;
  trend.set_survey("nobody");
  EXPECT_THAT(Ask<v1::TrendResponse>(Call::kTrend, trend),
              HasReason(Reason::kUnknownRelease));
  EXPECT_THAT(replies_.Reply(Call::kSummarize, "\xff\xff"),
              HasReason(Reason::kRequestMalformed));
}

TEST_F(ReplyCacheTest, HasNoReleaseOfARoundThatIsNotPublished) {
  const SampleRound open = host_.Import(host_.SampleManifest("open"));
  ASSERT_OK(index_.Refresh());
  v1::SummarizeRequest request = ByPlatform();
  request.set_name("releases/" + open.id);
  EXPECT_THAT(Summarize(request), HasReason(Reason::kUnknownRelease));
}

TEST_F(ReplyCacheTest, KeepsFiguresThatAreNotForEverybody) {
  Manifest manifest = host_.SampleManifest("keyed");
  manifest.audience = Audience::kKeyed;
  host_.ImportRelease(host_.Import(manifest));
  ASSERT_OK(index_.Refresh());
  v1::SummarizeRequest request = ByPlatform();
  request.set_name("releases/couriers.keyed");
  EXPECT_THAT(Summarize(request), HasReason(Reason::kReaderKeyRequired));
  EXPECT_THAT(Summarize(request),
              StatusIs(absl::StatusCode::kPermissionDenied));
  v1::DownloadReleaseRequest download;
  download.set_name("releases/couriers.keyed");
  EXPECT_THAT(Ask<v1::SignedRelease>(Call::kDownloadRelease, download),
              HasReason(Reason::kReaderKeyRequired));
}

TEST_F(ReplyCacheTest, AnswersManyAtOnceAlike) {
  const std::string request = ByPlatform().SerializeAsString();
  const std::string expected = **replies_.Reply(Call::kSummarize, request);
  ReleaseIndex index(*catalogue_);
  ASSERT_OK(index.Refresh());
  ReplyCache replies(index);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j) {
        EXPECT_EQ(**replies.Reply(Call::kSummarize, request), expected);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace commonwage::server::statistics
