// SPDX-License-Identifier: Apache-2.0
// Promise 2: asking again, in another order, by another caller or in another
// encoding gives the very same bytes, so there is nothing to average. Through
// every call and command here; averaging_doors_test.cc shows what averaging
// would find if noise were drawn per question.

#include <signal.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
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

  // Cells added up: the regions of each platform but one.
  v1::SummarizeRequest CoarserCells() {
    v1::SummarizeRequest request = Request();
    v1::CellFilter& filter = *request.add_where();
    filter.set_dimension("region");
    filter.add_values("north");
    filter.add_values("south");
    filter.set_combine(true);
    return request;
  }

  template <typename Cell>
  static void Name(Cell* cell, const std::string& dimension,
                   const std::string& value) {
    cell->set_dimension(dimension);
    cell->add_values(value);
  }

  v1::CompareRequest Gap() {
    v1::CompareRequest request;
    request.set_name(absl::StrCat("releases/", service_.round_id()));
    request.add_by("platform");
    Name(request.add_a(), "platform", "fast-food");
    Name(request.add_base(), "platform", "other");
    return request;
  }

  v1::TrendRequest Trend() {
    v1::TrendRequest request;
    request.set_survey("couriers");
    request.add_by("platform");
    Name(request.add_cell(), "platform", "fast-food");
    return request;
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  std::unique_ptr<client::ServerApi> server_;
};

// Writes the same request in another way.
template <typename Request>
Request Reworded(Request request, testing::SeededRandom& random) {
  if (request.by_size() == 2 && random.Below(2) == 1) {
    request.mutable_by()->SwapElements(0, 1);
  }
  if (random.Below(2) == 1) {
    request.set_measure("hourly_pay");  // The only one; naming it is optional.
  }
  return request;
}

TEST_F(AveragingTest, TenThousandAsksGiveTheSameBytes) {
  // Every question that gives figures, answered as bytes.
  const std::vector<
      std::function<std::string(client::ServerApi&, testing::SeededRandom&)>>
      questions = {
          [this](client::ServerApi& door, testing::SeededRandom& random) {
            return door.Summarize(Reworded(Request(), random))
                .value()
                .SerializeAsString();
          },
          [this](client::ServerApi& door, testing::SeededRandom& random) {
            return door.Summarize(Reworded(CoarserCells(), random))
                .value()
                .SerializeAsString();
          },
          [this](client::ServerApi& door, testing::SeededRandom& random) {
            return door.Compare(Reworded(Gap(), random))
                .value()
                .SerializeAsString();
          },
          [this](client::ServerApi& door, testing::SeededRandom& random) {
            return door.Trend(Reworded(Trend(), random))
                .value()
                .SerializeAsString();
          }};
  ASSERT_TRUE(server_->Compare(Gap())->has_figures());
  ASSERT_TRUE(server_->Trend(Trend())->points(0).has_wage());
  testing::SeededRandom random(5);
  std::vector<std::string> first;
  for (const auto& ask : questions) {
    first.push_back(ask(*server_, random));
    ASSERT_GT(first.back().size(), 100U);
  }
  std::unique_ptr<client::ServerApi> other = Connect();
  for (int i = 0; i < kAsks; ++i) {
    if (random.Below(500) == 0) {
      other = Connect();
    }
    client::ServerApi& door = random.Below(2) == 1 ? *other : *server_;
    const size_t question = random.Below(questions.size());
    ASSERT_EQ(questions[question](door, random), first[question]) << question;
  }
}

TEST_F(AveragingTest, TheCommandPrintsTheSameFiguresEveryTime) {
  const std::vector<std::vector<std::string>> commands = {
      {"stats", "--round", service_.round_id(), "--by", "platform,region",
       "--json"},
      {"stats", "--round", service_.round_id(), "--by", "platform", "--where",
       "platform=fast-food,other", "--combine", "platform", "--json"},
      {"stats", "--round", service_.round_id(), "--by", "platform",
       "--simultaneous", "--json"},
      {"compare", "--round", service_.round_id(), "--by", "platform", "--a",
       "platform=fast-food", "--b", "platform=other", "--json"},
      {"trend", "--survey", "couriers", "--by", "platform", "--where",
       "platform=other", "--json"}};
  for (std::vector<std::string> command : commands) {
    command.insert(command.end(), {"--server", service_.server()});
    const testing::ProgramResult first = service_.Client(command);
    ASSERT_EQ(first.exit_code, 0) << first.err;
    ASSERT_THAT(first.out, ::testing::HasSubstr("\"interval\""));
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(service_.Client(command).out, first.out);
    }
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
