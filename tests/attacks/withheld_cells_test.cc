// SPDX-License-Identifier: Apache-2.0
// Size and time: whether a withheld cell is empty or holds k - 1 people must
// not show in the size of an answer or in how long it takes.
//
// Two hosts differ in nothing but the people of one cell. Each pair of hosts is
// made anew and asked in random order, so chance decides which of the two a
// busy machine, or a lucky place in memory, favours: without a difference in
// the work, the paired t over 64 pairs is within +-5 but for five runs in a
// million (t tests of timing: Reparaz et al., dudect, 2017).

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/sodium_random.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "server/statistics/answers.h"
#include "server/statistics/release_index.h"
#include "storage/catalogue.h"
#include "survey/manifest.h"
#include "survey/plan.h"
#include "survey/release.h"
#include "tests/server/online_host.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

constexpr int kOthers = 400;  // In each cell but the one that is looked at.
constexpr double kLimit = 5;

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
    index_ = std::make_unique<server::statistics::ReleaseIndex>(*catalogue_);
    COMMONWAGE_CHECK(index_->Refresh().ok());
    v1::SummarizeRequest request;
    request.set_name("releases/" + round.id);
    request.mutable_statistics()->add_quantiles(0.5);
    request.mutable_statistics()->set_count(true);
    for (const auto& [dimension, value] : CellAskedFor(manifest.plan)) {
      request.add_by(dimension);
      v1::CellFilter& filter = *request.add_where();
      filter.set_dimension(dimension);
      filter.add_values(value);
    }
    request_ = request.SerializeAsString();
  }

  // Answers anew, as if nobody had asked before.
  std::string Ask() {
    server::statistics::Answers answers(*index_);
    return **answers.Answer(server::statistics::Call::kSummarize, request_);
  }

  // Returns the median time to answer, in nanoseconds, over `times`.
  static double Median(std::vector<double> times) {
    const auto middle =
        times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
  }

 private:
  static std::vector<std::pair<std::string, std::string>> CellAskedFor(
      const Plan& plan) {
    std::vector<std::pair<std::string, std::string>> cell;
    for (const Dimension& dimension : plan.dimensions) {
      cell.emplace_back(dimension.id, dimension.values.front());
    }
    return cell;
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
  std::unique_ptr<server::statistics::ReleaseIndex> index_;
  std::string request_;
};

struct Times {
  std::vector<double> first;
  std::vector<double> second;
};

double NanosecondsToAnswer(Door& door) {
  const auto start = std::chrono::steady_clock::now();
  const std::string answer = door.Ask();
  const auto end = std::chrono::steady_clock::now();
  COMMONWAGE_CHECK(!answer.empty());
  return std::chrono::duration<double, std::nano>(end - start).count();
}

// The median times of two hosts, asked by turns in random order.
void TimePair(Door& first, Door& second, testing::SeededRandom& random,
              Times& times) {
  constexpr int kAsks = 120;
  std::vector<double> of_first;
  std::vector<double> of_second;
  for (int i = 0; i < kAsks; ++i) {
    const bool first_now = random.Below(2) == 0;
    (first_now ? of_first : of_second)
        .push_back(NanosecondsToAnswer(first_now ? first : second));
  }
  times.first.push_back(Door::Median(of_first));
  times.second.push_back(Door::Median(of_second));
}

struct World {
  int people = 0;
  Fault fault = Fault::kNone;
};

Times TimeWorlds(const World& first, const World& second) {
  constexpr int kPairs = 64;
  testing::SeededRandom random(6);
  Times times;
  for (int pair = 0; pair < kPairs; ++pair) {
    const bool first_is_made_first = random.Below(2) == 0;
    const World& earlier = first_is_made_first ? first : second;
    const World& later = first_is_made_first ? second : first;
    Door one(earlier.people, earlier.fault);
    Door other(later.people, later.fault);
    TimePair(first_is_made_first ? one : other,
             first_is_made_first ? other : one, random, times);
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
};

TEST_F(WithheldCellsTest, EmptyOrOneBelowKTheAnswerHasTheSameSize) {
  Door empty(0, Fault::kNone);
  Door one_below(9, Fault::kNone);
  Door shown(9, Fault::kShownBelowK);
  const std::string answer = empty.Ask();
  EXPECT_EQ(one_below.Ask().size(), answer.size());
  EXPECT_NE(shown.Ask().size(), answer.size());
}

TEST_F(WithheldCellsTest, EmptyOrOneBelowKTheAnswerTakesAsLong) {
  const double t = PairedT(TimeWorlds({0}, {9}));
  std::cout << "empty against k - 1 people: paired t = " << t << "\n";
  EXPECT_LT(std::abs(t), kLimit);
}

TEST_F(WithheldCellsTest, TheSameClockSeesACellThatShouldHaveBeenWithheld) {
  const double t = PairedT(TimeWorlds({0}, {9, Fault::kShownBelowK}));
  std::cout << "empty against shown: paired t = " << t << "\n";
  EXPECT_GT(std::abs(t), kLimit);
}

}  // namespace
}  // namespace commonwage
