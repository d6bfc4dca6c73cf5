// SPDX-License-Identifier: Apache-2.0
// Withdraw, then query: whoever can make the victim withdraw (or sees it
// happen) asks before and after, and takes the difference. There must be
// nothing to ask before the release, and nothing that changes after it.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
#include "client/submission.h"
#include "commonwage/v1/round_service.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "commonwage/v1/submission_service.pb.h"
#include "crypto/sodium_random.h"
#include "survey/frame.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/made_population.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::FileContents;
using testing::HasReason;
using ::testing::HasSubstr;

constexpr size_t kPeople = 400;
constexpr char kBetweenQuestions[] = "\n--\n";

class WithdrawalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound({.plan_json = testing::SamplePlanJson()});
    service_.StartServer();
    service_.WaitUntilOpen();
    auto round = testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_OK(round);
    terms_ = std::make_unique<client::SealingTerms>(
        client::MakeSealingTerms(round->manifest, round->manifest_hash));
    ASSERT_OK(testing::SubmitAnswers(
        service_.server(), *round, people_,
        testing::MakePopulation(round->manifest.plan, kPeople, 3), nullptr));
    client::ConnectOptions options;
    options.server = service_.server();
    server_ = client::ConnectToServer(options).value();
  }

  // The victim is the first of them.
  absl::Status Withdraw() {
    const auto frame = client::BuildWithdrawal(
        *terms_, people_[0].KeyIn(terms_->manifest_hash),
        {Operation::kWithdraw, 1, ""}, random_);
    v1::SubmitRequest request;
    request.set_frame(frame.value());
    return server_->Submit(request).status();
  }

  // All that anybody can ask, as one text.
  std::string EverythingAsked() {
    v1::SummarizeRequest summary;
    summary.set_name(absl::StrCat("releases/", service_.round_id()));
    summary.add_by("platform");
    summary.add_by("region");
    summary.mutable_statistics()->set_count(true);
    summary.mutable_statistics()->add_quantiles(0.5);
    v1::DownloadReleaseRequest download;
    download.set_name(summary.name());
    v1::GetRoundRequest round;
    round.set_name(absl::StrCat("rounds/", service_.round_id()));
    const auto told = [](const auto& answer) {
      return answer.ok() ? answer->SerializeAsString()
                         : ReasonNameOf(answer.status());
    };
    const auto release = server_->DownloadRelease(download);
    v1::CompareRequest gap;
    gap.set_name(summary.name());
    gap.add_by("platform");
    v1::TrendRequest trend;
    trend.set_survey("couriers");
    trend.add_by("platform");
    for (v1::CellCoordinate* cell :
         {gap.add_a(), gap.add_base(), trend.add_cell()}) {
      cell->set_dimension("platform");
      cell->add_values(cell == gap.mutable_base(0) ? "other" : "fast-food");
    }
    return absl::StrJoin(
        {told(server_->Summarize(summary)),
         release.ok() ? *release : ReasonNameOf(release.status()),
         told(server_->Compare(gap)), told(server_->Trend(trend)),
         told(server_->GetRound(round)),
         told(server_->ListReleases(v1::ListReleasesRequest()))},
        kBetweenQuestions);
  }

  // Publishes, and returns what the steward is told.
  std::string StewardsReport() {
    service_.CloseEarly();
    service_.ExportInbox();
    const testing::ProgramResult published = service_.Steward(
        {"publish", "--yes", "--force", "--expect", service_.inbox_words(),
         "--inbox", service_.File("round.inbox"), "--out",
         service_.File("round.release"), "--json"});
    EXPECT_EQ(published.exit_code, 0) << published.err;
    return published.out;
  }

  void Release() {
    service_.CloseEarly();
    service_.ExportInbox();
    service_.Publish();
    service_.ImportRelease();
    v1::DownloadReleaseRequest download;
    download.set_name(absl::StrCat("releases/", service_.round_id()));
    for (int tries = 0; tries < 200 && !server_->DownloadRelease(download).ok();
         ++tries) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    ASSERT_OK(server_->DownloadRelease(download));
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  crypto::SodiumRandom random_;
  std::vector<testing::Person> people_ = testing::MakePeople(kPeople);
  std::unique_ptr<client::SealingTerms> terms_;
  std::unique_ptr<client::ServerApi> server_;
};

TEST_F(WithdrawalTest, WhileTheRoundIsOpenThereIsNothingToAsk) {
  const std::string before = EverythingAsked();
  EXPECT_THAT(before, HasSubstr("UNKNOWN_RELEASE"));
  ASSERT_OK(Withdraw());
  EXPECT_EQ(EverythingAsked(), before);
}

TEST_F(WithdrawalTest, AWithdrawnAnswerIsNotCounted) {
  ASSERT_OK(Withdraw());
  EXPECT_THAT(StewardsReport(),
              HasSubstr(absl::StrCat("\"counted\": \"", kPeople - 1, "\"")));
}

// What a build that forgets withdrawals would report.
TEST_F(WithdrawalTest, AnAnswerThatStaysIsCounted) {
  EXPECT_THAT(StewardsReport(),
              HasSubstr(absl::StrCat("\"counted\": \"", kPeople, "\"")));
}

// What a build that answers before the release, or anew after it, would show:
// each of the questions sees a release as soon as there is one.
TEST_F(WithdrawalTest, EveryQuestionSeesARelease) {
  const std::vector<std::string> before =
      absl::StrSplit(EverythingAsked(), kBetweenQuestions);
  Release();
  const std::vector<std::string> after =
      absl::StrSplit(EverythingAsked(), kBetweenQuestions);
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_NE(before[i], after[i]) << i;
  }
}

TEST_F(WithdrawalTest, AfterTheReleaseNothingCanBeWithdrawnOrChanges) {
  Release();
  const std::string before = EverythingAsked();
  const std::string artefact =
      FileContents(service_.File("round.release")).value();
  EXPECT_THAT(before, ::testing::Not(HasSubstr("UNKNOWN_RELEASE")));
  EXPECT_THAT(Withdraw(), HasReason(Reason::kRoundClosed));
  EXPECT_EQ(EverythingAsked(), before);
  // Nor does the steward's program draw again for those who are left.
  service_.Publish();
  EXPECT_EQ(FileContents(service_.File("round.release")).value(), artefact);
}

}  // namespace
}  // namespace commonwage
