// SPDX-License-Identifier: Apache-2.0
// Promise 4, the voice: whoever races, one code buys one credential, and one
// credential leaves one answer.

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/connection/server_api.h"
#include "client/submission.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/sodium_random.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/made_population.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::EmbeddedService;
using testing::Person;

constexpr size_t kRacers = 50;

class OneVoiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
    service_.StartServer();
    service_.WaitUntilOpen();
    codes_ = service_.MakeMembers(2);
    auto round = testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_OK(round);
    round_.emplace(*std::move(round));
  }

  EmbeddedService service_{COMMONWAGE_BIN_DIR};
  std::vector<std::string> codes_;
  std::optional<client::TrustedRound> round_;
};

TEST_F(OneVoiceTest, FiftyClientsWithOneCodeObtainOneCredential) {
  std::atomic<size_t> obtained = 0;
  std::atomic<size_t> refused = 0;
  {
    std::vector<std::jthread> racers;
    for (size_t i = 0; i < kRacers; ++i) {
      racers.emplace_back([&] {
        std::vector<Person> one = testing::MakePeople(1);
        const absl::Status status = testing::EnrolPeople(
            service_.issuer(), *round_, {codes_[0]}, one, nullptr);
        obtained += status.ok() ? 1 : 0;
        refused += ReasonOf(status) == Reason::kCredentialAlreadyIssued ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(obtained, 1U);
  EXPECT_EQ(refused, kRacers - 1);
}

TEST_F(OneVoiceTest, FiftySubmissionsWithOneCredentialLeaveOneRecord) {
  std::vector<Person> one = testing::MakePeople(1);
  ASSERT_OK(testing::EnrolPeople(service_.issuer(), *round_, {codes_[1]}, one,
                                 nullptr));
  // Fifty times the same person with fifty answers.
  std::vector<Person> racers;
  for (size_t i = 0; i < kRacers; ++i) {
    racers.push_back(one.front());
  }
  const auto outcome = testing::SubmitAnswers(
      service_.server(), *round_, racers,
      testing::MakePopulation(round_->manifest.plan, kRacers, 1), nullptr);
  ASSERT_OK(outcome);
  EXPECT_EQ(outcome->accepted, 1U);
  EXPECT_EQ(outcome->refused.at("SEQUENCE_USED"), kRacers - 1);

  service_.CloseEarly();
  service_.ExportInbox();
  const testing::ProgramResult published =
      service_.Steward({"publish", "--yes", "--expect", service_.inbox_words(),
                        "--inbox", service_.File("round.inbox"), "--out",
                        service_.File("round.release"), "--json"});
  ASSERT_EQ(published.exit_code, 0) << published.err;
  v1::PublishReport report;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(published.out, &report).ok());
  EXPECT_EQ(report.counted(), 1);
  EXPECT_EQ(report.dropped(), 0);
}

}  // namespace
}  // namespace commonwage
