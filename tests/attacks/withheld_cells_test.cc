// SPDX-License-Identifier: Apache-2.0
// Size and time: whether a withheld cell is empty or holds k - 1 people must
// not show in the size of an answer or in how long it takes.
//
// Each call is timed where it is answered, and one over gRPC too. Two hosts
// differ in nothing but the people of one cell. Each pair of hosts is
// made anew and asked in random order, so chance decides which of the two a
// busy machine, or a lucky place in memory, favours: without a difference in
// the work, the paired t over 64 pairs is within +-5 but for five runs in a
// million (t tests of timing: Reparaz et al., dudect, 2017).

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/sodium_random.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "server/rpc/grpc_server.h"
#include "server/statistics/release_index.h"
#include "server/statistics/reply_cache.h"
#include "server/statistics/statistics_service.h"
#include "storage/catalogue/catalogue.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/release.h"
#include "tests/server/online_host.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

constexpr int kOthers = 400;  // In each cell but the one that is looked at.
constexpr double kLimit = 5;

using server::statistics::Call;
using server::statistics::ReleaseIndex;

// The calls that figures of the cell come out of, and what they are called.
constexpr std::array<std::pair<Call, const char*>, 3> kCalls = {
    {{Call::kSummarize, "Summarize"},
     {Call::kCompare, "Compare"},
     {Call::kTrend, "Trend"}}};

// What is done with a release before it is stored.
enum class Fault : char {
  kNone,
  kShownBelowK,  // The cell is there: no k test.
};

// An online host with one release, and the core that answers from it.
class Door {
 public:
  Door(int people, Fault fault) {
    Manifest manifest = host_.SampleManifest();
    UseFineGrid(manifest.plan);
    const privacy::PlanLoss loss = privacy::LossOf(manifest.plan).value();
    for (size_t m = 0; m < manifest.taus.size(); ++m) {
      manifest.taus[m] = loss.marginals[m].tau;
    }
    const testing::SampleRound round = host_.Import(manifest);
    Release release = Published(round, people);
    auto& cells = release.marginals[1].cells;
    COMMONWAGE_CHECK(!cells[0].has_value());
    if (fault == Fault::kShownBelowK) {
      cells[0] = cells[1];
    }
    host_.ImportRelease(round, release);
    catalogue_ = host_.OpenCatalogue();
    index_ = std::make_unique<ReleaseIndex>(*catalogue_);
    COMMONWAGE_CHECK(index_->Refresh().ok());
    MakeRequests(round);
  }

  // Answers anew, as if nobody had asked before.
  std::string Ask(Call call) {
    server::statistics::ReplyCache replies(*index_);
    return **replies.Reply(call, requests_.at(call));
  }

  // Opens the door to a port of this machine.
  void Serve() {
    served_ = std::make_unique<server::statistics::ReplyCache>(*index_);
    std::vector<server::ServedService> services;
    services.push_back(server::statistics::MakeStatisticsService(*served_));
    server_ = server::GrpcServer::Start({"127.0.0.1", 0}, std::move(services))
                  .value();
    client::ConnectOptions options;
    options.server = ToString(server_->address());
    api_ = client::ConnectToServer(options).value();
  }

  // Asks there what has not been asked before, quantiles a hair further each
  // time, and whatever else takes work: so much that a shown cell stands out
  // from the way there and back.
  std::string AskOverGrpc() {
    v1::SummarizeRequest request = summary_;
    request.mutable_statistics()->clear_quantiles();
    ++asked_;
    for (int i = 1; i <= 32; ++i) {
      request.mutable_statistics()->add_quantiles(0.03 * i + 1e-9 * asked_);
      request.mutable_statistics()->add_shares_below(901 + 8 * i);
    }
    request.mutable_statistics()->set_histogram(true);
    request.mutable_statistics()->set_trimmed_mean(true);
    return api_->Summarize(request).value().SerializeAsString();
  }

  // Returns the median time to answer, in nanoseconds, over `times`.
  static double Median(std::vector<double> times) {
    const auto middle =
        times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
  }

 private:
  // As many bins as a grid can have: figures of a cell that is shown are then
  // as much work as they can be, and stand out from the way there and back.
  static void UseFineGrid(Plan& plan) {
    plan.measures.front().inner_edges.clear();
    for (int64_t edge = 0; edge < 255; ++edge) {
      plan.measures.front().inner_edges.push_back(900 + 4 * edge);
    }
    for (Marginal& marginal : plan.marginals) {
      marginal.fanouts = {4, 4, 4, 4};
      const int64_t loss = marginal.micro_loss_per_level.front();
      marginal.micro_loss_per_level.assign(5, loss);
    }
  }

  // Each names the cell of the first values; a gap is to that of the last.
  void MakeRequests(const testing::SampleRound& round) {
    summary_.set_name("releases/" + round.id);
    summary_.mutable_statistics()->add_quantiles(0.5);
    summary_.mutable_statistics()->set_count(true);
    v1::CompareRequest gap;
    gap.set_name(summary_.name());
    v1::TrendRequest trend;
    trend.set_survey(round.manifest.plan.survey);
    for (const Dimension& dimension : round.manifest.plan.dimensions) {
      summary_.add_by(dimension.id);
      gap.add_by(dimension.id);
      trend.add_by(dimension.id);
      v1::CellFilter& filter = *summary_.add_where();
      filter.set_dimension(dimension.id);
      filter.add_values(dimension.values.front());
      for (v1::CellCoordinate* cell : {gap.add_a(), trend.add_cell()}) {
        cell->set_dimension(dimension.id);
        cell->add_values(dimension.values.front());
      }
      v1::CellCoordinate& other = *gap.add_base();
      other.set_dimension(dimension.id);
      other.add_values(dimension.values.back());
    }
    requests_ = {{Call::kSummarize, summary_.SerializeAsString()},
                 {Call::kCompare, gap.SerializeAsString()},
                 {Call::kTrend, trend.SerializeAsString()}};
  }

  // What the code that publishes makes of `people` in the first values and many
  // in all others.
  static Release Published(const testing::SampleRound& round, int people) {
    privacy::noise::Tally tally(round.manifest.plan);
    for (uint16_t platform = 0; platform < 4; ++platform) {
      for (uint16_t region = 0; region < 3; ++region) {
        const int here = platform == 0 && region == 0 ? people : kOthers;
        for (int i = 0; i < here; ++i) {
          COMMONWAGE_CHECK(tally.Add({{platform, region}, {1000 + i}}).ok());
        }
      }
    }
    crypto::SodiumRandom random;
    return privacy::noise::DrawRelease(round.manifest, round.hash, tally,
                                       /*closed_early=*/false, "test", random)
        .value();
  }

  testing::OnlineHost host_;
  std::unique_ptr<storage::Catalogue> catalogue_;
  std::unique_ptr<ReleaseIndex> index_;
  v1::SummarizeRequest summary_;
  std::map<Call, std::string> requests_;
  std::unique_ptr<server::statistics::ReplyCache> served_;
  std::unique_ptr<server::GrpcServer> server_;
  std::unique_ptr<client::ServerApi> api_;
  int asked_ = 0;
};

// One way to ask.
using Question = std::function<std::string(Door&)>;

Question Of(Call call) {
  return [call](Door& door) { return door.Ask(call); };
}

struct Times {
  std::vector<double> first;
  std::vector<double> second;
};

double NanosecondsToAnswer(Door& door, const Question& ask) {
  const auto start = std::chrono::steady_clock::now();
  const std::string answer = ask(door);
  const auto end = std::chrono::steady_clock::now();
  COMMONWAGE_CHECK(!answer.empty());
  return std::chrono::duration<double, std::nano>(end - start).count();
}

// The median times of two hosts, asked by turns in random order.
void TimePair(Door& first, Door& second, const Question& ask,
              testing::SeededRandom& random, Times& times) {
  constexpr int kAsks = 120;
  std::vector<double> of_first;
  std::vector<double> of_second;
  for (int i = 0; i < kAsks; ++i) {
    const bool first_now = random.Below(2) == 0;
    (first_now ? of_first : of_second)
        .push_back(NanosecondsToAnswer(first_now ? first : second, ask));
  }
  times.first.push_back(Door::Median(of_first));
  times.second.push_back(Door::Median(of_second));
}

struct World {
  int people = 0;
  Fault fault = Fault::kNone;
};

// The times of each question.
std::vector<Times> TimeWorlds(const World& first, const World& second,
                              const std::vector<Question>& questions,
                              bool over_grpc) {
  constexpr int kPairs = 64;
  testing::SeededRandom random(6);
  std::vector<Times> times(questions.size());
  for (int pair = 0; pair < kPairs; ++pair) {
    const bool first_is_made_first = random.Below(2) == 0;
    const World& earlier = first_is_made_first ? first : second;
    const World& later = first_is_made_first ? second : first;
    Door one(earlier.people, earlier.fault);
    Door other(later.people, later.fault);
    if (over_grpc) {
      one.Serve();
      other.Serve();
    }
    for (size_t i = 0; i < questions.size(); ++i) {
      TimePair(first_is_made_first ? one : other,
               first_is_made_first ? other : one, questions[i], random,
               times[i]);
    }
  }
  return times;
}

// t = mean(d) / sqrt(var(d) / n), d being what the two of a pair differ by.
double PairedT(const Times& times) {
  const auto n = static_cast<double>(times.first.size());
  std::vector<double> differences;
  double mean = 0;
  for (size_t i = 0; i < times.first.size(); ++i) {
    differences.push_back(times.first[i] - times.second[i]);
    mean += differences.back() / n;
  }
  double squares = 0;
  for (const double difference : differences) {
    squares += (difference - mean) * (difference - mean);
  }
  return mean / std::sqrt(squares / (n - 1) / n);
}

class WithheldCellsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(crypto::InitCrypto()); }

  // Paired t of each call, and over gRPC of one.
  static std::vector<double> OfCalls(const World& first, const World& second) {
    std::vector<Question> questions;
    for (const auto& [call, name] : kCalls) {
      questions.push_back(Of(call));
    }
    std::vector<double> t;
    for (const Times& times : TimeWorlds(first, second, questions, false)) {
      std::cout << kCalls.at(t.size()).second
                << ": paired t = " << PairedT(times) << "\n";
      t.push_back(PairedT(times));
    }
    return t;
  }
  static double OverGrpc(const World& first, const World& second) {
    const double t = PairedT(
        TimeWorlds(first, second,
                   {[](Door& door) { return door.AskOverGrpc(); }}, true)
            .front());
    std::cout << "Summarize over gRPC: paired t = " << t << "\n";
    return t;
  }
};

TEST_F(WithheldCellsTest, EmptyOrOneBelowKTheAnswerHasTheSameSize) {
  Door empty(0, Fault::kNone);
  Door one_below(9, Fault::kNone);
  Door shown(9, Fault::kShownBelowK);
  for (const auto& [call, name] : kCalls) {
    const std::string answer = empty.Ask(call);
    EXPECT_EQ(one_below.Ask(call).size(), answer.size()) << name;
    EXPECT_NE(shown.Ask(call).size(), answer.size()) << name;
  }
  empty.Serve();
  one_below.Serve();
  shown.Serve();
  const std::string answer = empty.AskOverGrpc();
  EXPECT_EQ(one_below.AskOverGrpc().size(), answer.size());
  EXPECT_NE(shown.AskOverGrpc().size(), answer.size());
}

TEST_F(WithheldCellsTest, EmptyOrOneBelowKTheAnswerTakesAsLong) {
  for (const double t : OfCalls({0}, {9})) {
    EXPECT_LT(std::abs(t), kLimit);
  }
}

TEST_F(WithheldCellsTest, TheSameClockSeesACellThatShouldHaveBeenWithheld) {
  for (const double t : OfCalls({0}, {9, Fault::kShownBelowK})) {
    EXPECT_GT(std::abs(t), kLimit);
  }
}

TEST_F(WithheldCellsTest, OverGrpcTheAnswerTakesAsLongToo) {
  EXPECT_LT(std::abs(OverGrpc({0}, {9})), kLimit);
}

TEST_F(WithheldCellsTest, OverGrpcTheClockSeesACellThatShouldBeWithheld) {
  EXPECT_GT(std::abs(OverGrpc({0}, {9, Fault::kShownBelowK})), kLimit);
}

}  // namespace
}  // namespace commonwage
