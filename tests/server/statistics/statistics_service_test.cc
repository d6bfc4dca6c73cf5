// SPDX-License-Identifier: Apache-2.0
// Statistics over a real connection to a port of this machine.

#include "server/statistics/statistics_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/connection/server_api.h"
#include "server/rpc/grpc_server.h"
#include "server/statistics/reply_cache.h"
#include "tests/server/online_host.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::statistics {
namespace {

using testing::HasReason;
using testing::SampleRound;

class StatisticsServiceTest : public ::testing::Test {
 protected:
  StatisticsServiceTest() {
    host_.ImportRelease(round_);
    EXPECT_OK(index_.Refresh());
    std::vector<ServedService> services;
    services.push_back(MakeStatisticsService(replies_));
    server_ = GrpcServer::Start({"127.0.0.1", 0}, std::move(services)).value();
    client::ConnectOptions options;
    options.server = ToString(server_->address());
    api_ = client::ConnectToServer(options).value();
    request_.set_name("releases/" + round_.id);
    request_.add_by("platform");
  }

  testing::OnlineHost host_;
  SampleRound round_ = host_.Import(host_.SampleManifest());
  std::unique_ptr<storage::Catalogue> catalogue_ = host_.OpenCatalogue();
  ReleaseIndex index_{*catalogue_};
  ReplyCache replies_{index_};
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<client::ServerApi> api_;
  v1::SummarizeRequest request_;
};

TEST_F(StatisticsServiceTest, AnswersEveryCallOnceAndAgainAlike) {
  const auto list = api_->ListReleases({});
  ASSERT_OK(list);
  EXPECT_EQ(list->releases_size(), 1);

  const auto summary = api_->Summarize(request_);
  ASSERT_OK(summary);
  EXPECT_EQ(summary->cells_size(), 4);
  EXPECT_EQ(api_->Summarize(request_)->SerializeAsString(),
            summary->SerializeAsString());
  EXPECT_EQ(**replies_.Reply(Call::kSummarize, request_.SerializeAsString()),
            summary->SerializeAsString());

  v1::CompareRequest gap;
  gap.set_name(request_.name());
  gap.add_by("platform");
  for (v1::CellCoordinate* cell : {gap.add_a(), gap.add_base()}) {
    cell->set_dimension("platform");
  }
  gap.mutable_a(0)->add_values("other");
  gap.mutable_base(0)->add_values("undisclosed");
  EXPECT_TRUE(api_->Compare(gap)->has_figures());

  v1::TrendRequest trend;
  trend.set_survey("couriers");
  trend.add_by("platform");
  *trend.add_cell() = gap.a(0);
  EXPECT_EQ(api_->Trend(trend)->points_size(), 1);
}

TEST_F(StatisticsServiceTest, SendsAnArtefactOfManyPiecesWhole) {
  Manifest manifest = host_.SampleManifest("large");
  for (int i = 0; i < 900; ++i) {
    manifest.plan.dimensions[0].values.push_back("p" + std::to_string(i));
  }
  const SampleRound large = host_.Import(manifest);
  host_.ImportRelease(large);
  ASSERT_OK(index_.Refresh());
  v1::DownloadReleaseRequest request;
  request.set_name("releases/" + large.id);
  const auto whole = api_->DownloadRelease(request);
  ASSERT_OK(whole);
  EXPECT_GT(whole->size(), 3 * 32U * 1024U);
  EXPECT_EQ(*whole, *index_.ReadSigned(large.id));
}

TEST_F(StatisticsServiceTest, NamesTheFieldsAtFault) {
  request_.add_by("not an identifier");
  const auto refused = api_->Summarize(request_);
  EXPECT_THAT(refused, HasReason(Reason::kRequestFaulty));
  ASSERT_EQ(FaultsOf(refused.status()).size(), 1U);
  EXPECT_EQ(FaultsOf(refused.status())[0].place, "by[1]");

  v1::DownloadReleaseRequest unknown;
  unknown.set_name("releases/no.such");
  EXPECT_THAT(api_->DownloadRelease(unknown),
              HasReason(Reason::kUnknownRelease));
}

}  // namespace
}  // namespace commonwage::server::statistics
