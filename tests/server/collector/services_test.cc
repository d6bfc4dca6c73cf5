// SPDX-License-Identifier: Apache-2.0
// The collector over a real connection to a port of this machine.

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "client/connection/server_api.h"
#include "server/collector/round_directory.h"
#include "server/collector/round_service.h"
#include "server/collector/submission_service.h"
#include "server/rpc/grpc_server.h"
#include "survey/domain_labels.h"
#include "tests/server/collector/collector_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {
namespace {

using testing::HasReason;
using testing::SampleRound;
using testing::StatusIs;

class CollectorServicesTest : public CollectorFixture {
 protected:
  CollectorServicesTest() {
    EXPECT_OK(keeper_.Refresh());
    std::vector<ServedService> services;
    services.push_back(MakeSubmissionService(admission_));
    services.push_back(MakeRoundService(directory_));
    server_ = GrpcServer::Start({"127.0.0.1", 0}, std::move(services)).value();
    api_ = Connect();
  }

  std::unique_ptr<client::ServerApi> Connect() {
    client::ConnectOptions options;
    options.server = ToString(server_->address());
    return client::ConnectToServer(options).value();
  }

  absl::StatusOr<v1::SubmitResponse> Submit(const std::string& frame) {
    v1::SubmitRequest request;
    request.set_frame(frame);
    return api_->Submit(request);
  }

  SampleRound round_ = host_.Import(host_.SampleManifest());
  RoundDirectory directory_{board_, *catalogue_, clock_};
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<client::ServerApi> api_;
};

TEST_F(CollectorServicesTest, TakesASubmissionAndSignsForIt) {
  const std::string frame = host_.Frame(round_, 1);
  const auto response = Submit(frame);
  ASSERT_OK(response);
  const v1::Receipt& receipt = response->receipt();
  EXPECT_EQ(receipt.manifest_hash(), round_.hash.view());
  EXPECT_EQ(receipt.sequence(), 0U);
  EXPECT_EQ(receipt.status(), v1::RECEIPT_STATUS_STORED);
  const Receipt body{round_.hash, *FrameDigest::From(receipt.frame_digest()),
                     receipt.sequence(), ReceiptStatus::kStored};
  EXPECT_TRUE(crypto::Verify(host_.receipt_key().verify_key(),
                             kReceiptSignatureLabel, ReceiptSignedBytes(body),
                             *crypto::Signature::From(receipt.signature())));
}

TEST_F(CollectorServicesTest, TellsCodeAndReasonOfEveryRefusal) {
  EXPECT_THAT(Submit("short"), HasReason(Reason::kFrameMalformed));
  EXPECT_THAT(Submit("short"), StatusIs(absl::StatusCode::kInvalidArgument));

  std::string broken = host_.Frame(round_, 1);
  broken.back() = static_cast<char>(broken.back() ^ 1);
  EXPECT_THAT(Submit(broken), HasReason(Reason::kSignatureRefused));

  SampleRound elsewhere = round_;
  elsewhere.terms.manifest_hash = *ManifestHash::From(std::string(32, 'x'));
  EXPECT_THAT(Submit(host_.Frame(elsewhere, 1)),
              HasReason(Reason::kUnknownRound));

  ASSERT_OK(Submit(host_.Frame(round_, 1)));
  ASSERT_OK(Submit(host_.Frame(round_, 1, Operation::kAmend, 5)));
  EXPECT_THAT(Submit(host_.Frame(round_, 1, Operation::kAmend, 4)),
              HasReason(Reason::kSequenceUsed));

  clock_.Set(round_.manifest.plan.closes_at);
  EXPECT_THAT(Submit(host_.Frame(round_, 1)), HasReason(Reason::kRoundClosed));
  EXPECT_THAT(Submit(host_.Frame(round_, 1)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(CollectorServicesTest, RefusesAFloodInOneMessage) {
  EXPECT_THAT(Submit(std::string(100'000, 'x')),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(Submit(host_.Frame(round_, 1)));
}

TEST_F(CollectorServicesTest, StoresEverySubmissionOfManyAtOnceOnce) {
  constexpr int kThreads = 4;
  constexpr uint64_t kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this] {
      const auto api = Connect();
      for (uint64_t worker = 0; worker < kEach; ++worker) {
        v1::SubmitRequest request;
        request.set_frame(host_.Frame(round_, worker));
        // All threads are the same people: the identical frame is welcome.
        EXPECT_OK(api->Submit(request));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(*board_.Get()->Find(round_.id)->inbox->CountFrames(), kEach);
}

TEST_F(CollectorServicesTest, TellsOfRounds) {
  v1::GetRoundRequest request;
  request.set_name("rounds/" + round_.id);
  const auto round = api_->GetRound(request);
  ASSERT_OK(round);
  EXPECT_EQ(round->round().state(), v1::ROUND_STATE_OPEN);
  const auto list = api_->ListRounds({});
  ASSERT_OK(list);
  ASSERT_EQ(list->rounds_size(), 1);
  EXPECT_EQ(list->rounds(0).SerializeAsString(),
            round->round().SerializeAsString());

  request.set_name("rounds/no.such");
  EXPECT_THAT(api_->GetRound(request), HasReason(Reason::kUnknownRound));
}

TEST_F(CollectorServicesTest, AnswersWhatIsUnderWayWhenItIsToldToStop) {
  std::vector<std::thread> threads;
  std::vector<std::string> accepted(20);
  for (size_t i = 0; i < accepted.size(); ++i) {
    threads.emplace_back([this, i, &accepted] {
      const std::string frame = host_.Frame(round_, i);
      v1::SubmitRequest request;
      request.set_frame(frame);
      if (Connect()->Submit(request).ok()) {
        accepted[i] = frame;
      }
    });
  }
  server_->Drain(absl::Seconds(30));
  for (std::thread& thread : threads) {
    thread.join();
  }
  // Whoever has a receipt is on disk.
  for (const std::string& frame : accepted) {
    if (!frame.empty()) {
      EXPECT_OK(Admit(frame));
    }
  }
}

}  // namespace
}  // namespace commonwage::server::collector
