// SPDX-License-Identifier: Apache-2.0
// Promise 2: asking again, in another order, by another caller or in another
// encoding gives the very same bytes, so there is nothing to average.

#include <signal.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "client/connect_options.h"
#include "client/server_api.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/sodium_random.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/made_population.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

constexpr size_t kPeople = 600;
constexpr int kAsks = 10'000;

class AveragingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound({.plan_json = testing::SamplePlanJson()});
    service_.StartServer();
    service_.WaitUntilOpen();
    const auto round =
        testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_OK(round);
    ASSERT_OK(testing::SubmitAnswers(
        service_.server(), *round, testing::MakePeople(kPeople),
        testing::MakePopulation(round->manifest.plan, kPeople, 3), nullptr));
    service_.CloseEarly();
    service_.ExportInbox();
    service_.Publish();
    service_.ImportRelease();
    server_ = Connect();
    for (int tries = 0; tries < 100 && !server_->Summarize(Request()).ok();
         ++tries) {
      absl::SleepFor(absl::Milliseconds(50));
    }
  }

  std::unique_ptr<client::ServerApi> Connect() {
    client::ConnectOptions options;
    options.server = service_.server();
    return client::ConnectToServer(options).value();
  }

  v1::SummarizeRequest Request() {
    v1::SummarizeRequest request;
    request.set_name(absl::StrCat("releases/", service_.round_id()));
    request.add_by("platform");
    request.add_by("region");
    request.mutable_statistics()->set_count(true);
    request.mutable_statistics()->add_quantiles(0.5);
    return request;
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  std::unique_ptr<client::ServerApi> server_;
};

TEST_F(AveragingTest, TenThousandAsksGiveTheSameBytes) {
  const std::string first =
      server_->Summarize(Request()).value().SerializeAsString();
  ASSERT_GT(first.size(), 200U);
  testing::SeededRandom random(5);
  std::unique_ptr<client::ServerApi> other = Connect();
  for (int i = 0; i < kAsks; ++i) {
    v1::SummarizeRequest request = Request();
    if (random.Below(2) == 1) {
      request.mutable_by()->SwapElements(0, 1);
    }
    if (random.Below(2) == 1) {
      request.set_measure(
          "hourly_pay");  // The only one; naming it is optional.
    }
    if (random.Below(500) == 0) {
      other = Connect();
    }
    client::ServerApi& door = random.Below(2) == 1 ? *other : *server_;
    ASSERT_EQ(door.Summarize(request).value().SerializeAsString(), first);
  }
}

TEST_F(AveragingTest, ARestartedServerGivesTheSameBytes) {
  const std::string first =
      server_->Summarize(Request()).value().SerializeAsString();
  EXPECT_EQ(service_.StopServer(SIGTERM), 0);
  service_.StartServer();
  EXPECT_EQ(Connect()->Summarize(Request()).value().SerializeAsString(), first);
}

TEST_F(AveragingTest, PartsAskedForOneByOneAreThePartsOfTheWhole) {
  const v1::SummarizeResponse whole = server_->Summarize(Request()).value();
  for (const v1::CellSummary& cell : whole.cells()) {
    v1::SummarizeRequest request = Request();
    for (const v1::CellCoordinate& coordinate : cell.key()) {
      v1::CellFilter& filter = *request.add_where();
      filter.set_dimension(coordinate.dimension());
      *filter.mutable_values() = coordinate.values();
    }
    const auto part = server_->Summarize(request);
    ASSERT_OK(part);
    ASSERT_EQ(part->cells_size(), 1);
    EXPECT_EQ(part->cells(0).SerializeAsString(), cell.SerializeAsString());
  }
}

TEST_F(AveragingTest, WithheldCellsAreAllAlike) {
  // "undisclosed" in "undisclosed" is empty; others have a few people each.
  std::vector<std::string> withheld;
  const v1::SummarizeResponse whole = server_->Summarize(Request()).value();
  for (v1::CellSummary cell : whole.cells()) {
    if (cell.has_withheld()) {
      cell.clear_key();
      cell.clear_citation();
      withheld.push_back(cell.SerializeAsString());
    }
  }
  ASSERT_GE(withheld.size(), 2U);
  EXPECT_TRUE(
      std::equal(withheld.begin() + 1, withheld.end(), withheld.begin()));
}

}  // namespace
}  // namespace commonwage
