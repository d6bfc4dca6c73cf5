// SPDX-License-Identifier: Apache-2.0
// What averaging finds where there is something to average: a build that draws
// its noise anew for every question gives the true figures away through every
// door. The product's answers do not change, so their average is one answer.

#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/sodium_random.h"
#include "figures/door.h"
#include "privacy/estimate/summary.h"
#include "privacy/noise/release_round.h"
#include "server/statistics/release_index.h"
#include "server/statistics/reply_cache.h"
#include "tests/attacks/victim_world.h"
#include "tests/server/online_host.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using figures::LoadedRelease;
using privacy::estimate::Figures;
using server::statistics::Call;
using server::statistics::ReleaseIndex;
using server::statistics::ReplyCache;

constexpr int kAsks = 400;
constexpr char kRelease[] = "releases/couriers.2026-q1";

// What somebody asks again and again, and what they read off an answer.
struct Question {
  const char* name;
  Call call;
  std::string request;
  std::function<double(const std::string& answer)> read;
};

template <typename Message>
Message Parse(const std::string& bytes) {
  Message message;
  COMMONWAGE_CHECK(message.ParseFromString(bytes));
  return message;
}

double FirstCount(const std::string& answer) {
  const auto reply = Parse<v1::SummarizeResponse>(answer);
  return reply.cells(0).figures().count().value();
}

std::vector<Question> Questions() {
  v1::SummarizeRequest cell;
  cell.set_name(kRelease);
  cell.add_by("platform");
  cell.mutable_statistics()->set_count(true);
  v1::CellFilter& filter = *cell.add_where();
  filter.set_dimension("platform");
  filter.add_values("fast-food");
  v1::SummarizeRequest coarser = cell;
  coarser.mutable_where(0)->add_values("other");
  coarser.mutable_where(0)->set_combine(true);
  v1::CompareRequest gap;
  gap.set_name(kRelease);
  gap.add_by("platform");
  v1::TrendRequest trend;
  trend.set_survey("couriers");
  trend.add_by("platform");
  for (v1::CellCoordinate* coordinate :
       {gap.add_a(), gap.add_base(), trend.add_cell()}) {
    coordinate->set_dimension("platform");
    coordinate->add_values(coordinate == gap.mutable_base(0) ? "other"
                                                             : "fast-food");
  }
  return {
      {"Summarize", Call::kSummarize, cell.SerializeAsString(), FirstCount},
      {"Summarize, coarser cells", Call::kSummarize,
       coarser.SerializeAsString(), FirstCount},
      {"Compare", Call::kCompare, gap.SerializeAsString(),
       [](const std::string& answer) {
         return Parse<v1::CompareResponse>(answer).figures().wage_a().value();
       }},
      {"Trend", Call::kTrend, trend.SerializeAsString(),
       [](const std::string& answer) {
         return Parse<v1::TrendResponse>(answer).points(0).wage().value();
       }}};
}

// Answers one question, all in bytes.
using Server = std::function<std::string(const Question&)>;

struct Attack {
  size_t different_answers = 0;
  double average = 0;
};

Attack AskAgainAndAgain(const Server& server, const Question& question) {
  std::set<std::string> answers;
  double sum = 0;
  for (int i = 0; i < kAsks; ++i) {
    const std::string answer = server(question);
    sum += question.read(answer);
    answers.insert(answer);
  }
  return {answers.size(), sum / kAsks};
}

// Finds one release, whatever is looked for.
class OneRelease final : public figures::ReleaseSource {
 public:
  explicit OneRelease(LoadedRelease release)
      : release_(std::make_shared<const LoadedRelease>(std::move(release))) {}

  absl::StatusOr<std::shared_ptr<const LoadedRelease>> Load(
      const std::string& /*round_id*/) override {
    return release_;
  }
  absl::StatusOr<std::vector<std::shared_ptr<const LoadedRelease>>> LoadSurvey(
      const std::string& /*survey*/) override {
    return std::vector{release_};
  }

 private:
  const std::shared_ptr<const LoadedRelease> release_;
};

class AveragingDoorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    host_.ImportRelease(round_, Draw());
    ASSERT_OK(index_.Refresh());
  }

  Release Draw() {
    return privacy::noise::DrawRelease(round_.manifest, round_.hash, tally_,
                                       /*closed_early=*/false, "test",
                                       host_.random())
        .value();
  }

  // The product, and nothing kept from one question to the next.
  Server Product() {
    return [this](const Question& question) {
      ReplyCache replies(index_);
      return **replies.Reply(question.call, question.request);
    };
  }

  // The fault: noise is drawn anew for every question.
  Server FreshNoise() {
    return [this](const Question& question) {
      return AnswerFrom(question, Draw());
    };
  }

  // No noise at all: the truth that averaging is after.
  Server Truth() {
    return [this](const Question& question) {
      return AnswerFrom(question, testing::WithoutNoise(
                                      Draw(), round_.manifest.plan, tally_));
    };
  }

  static Manifest VictimsManifest(testing::OnlineHost& host) {
    Manifest manifest = host.SampleManifest();
    manifest.taus = testing::VictimManifest().taus;
    return manifest;
  }

  testing::OnlineHost host_;
  const testing::SampleRound round_ = host_.Import(VictimsManifest(host_));
  const privacy::noise::Tally tally_ =
      testing::VictimWorld(round_.manifest.plan, false);
  std::unique_ptr<storage::Catalogue> catalogue_ = host_.OpenCatalogue();
  ReleaseIndex index_{*catalogue_};

 private:
  // The server's own way from a question to an answer, from this release.
  std::string AnswerFrom(const Question& question, Release release) const {
    OneRelease releases(
        {{}, *Figures::Of(round_.manifest, std::move(release))});
    switch (question.call) {
      case Call::kSummarize:
        return AnswerOf<v1::SummarizeRequest>(question, releases);
      case Call::kCompare:
        return AnswerOf<v1::CompareRequest>(question, releases);
      default:
        return AnswerOf<v1::TrendRequest>(question, releases);
    }
  }

  template <typename Request>
  static std::string AnswerOf(const Question& question, OneRelease& releases) {
    return figures::Reply(Parse<Request>(question.request), releases)
        .value()
        .SerializeAsString();
  }
};

TEST_F(AveragingDoorsTest, TheProductGivesOneAnswerThroughEveryDoor) {
  for (const Question& question : Questions()) {
    EXPECT_EQ(AskAgainAndAgain(Product(), question).different_answers, 1U)
        << question.name;
  }
}

TEST_F(AveragingDoorsTest, FreshNoisePerQuestionIsSeenAndAveragedAway) {
  for (const Question& question : Questions()) {
    const double truth = question.read(Truth()(question));
    const Attack attack = AskAgainAndAgain(FreshNoise(), question);
    EXPECT_GT(attack.different_answers, 300U) << question.name;
    // One answer is off by some people or some tenths of a per cent; their
    // average by a twentieth of that.
    double squares = 0;
    for (int i = 0; i < 100; ++i) {
      const double off = question.read(FreshNoise()(question)) - truth;
      squares += off * off / 100;
    }
    EXPECT_LT(std::abs(attack.average - truth), 0.4 * std::sqrt(squares))
        << question.name;
  }
}

}  // namespace
}  // namespace commonwage
