// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/submission_sender.h"

#include <atomic>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/receipt_check.h"
#include "client/submission.h"
#include "tests/client/grpc_front.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::GrpcFront;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::SeededRandom;
using ::testing::SizeIs;

class SubmissionSenderTest : public ::testing::Test {
 protected:
  std::unique_ptr<testing::SubmissionSender> Sender(int max_in_flight = 32) {
    testing::SubmissionSender::Options options;
    options.connect.server = front_.address();
    options.connections = 2;
    options.max_in_flight = max_in_flight;
    return *testing::SubmissionSender::Create(options);
  }

  std::string Frame() {
    const auto seed = crypto::Secret<32>::Random(random_);
    return *BuildFrame(terms_, DerivePseudonymKey(seed, round_.manifest_hash),
                       {}, {{0, 0}, {1000}}, random_);
  }

  SeededRandom random_{9};
  const MadeRound round_ = MakeRound();
  const SealingTerms terms_ =
      MakeSealingTerms(round_.manifest, round_.manifest_hash);
  FakeServer fake_{round_};
  GrpcFront front_{fake_};
};

TEST_F(SubmissionSenderTest, EveryFrameArrivesAndGetsItsOwnReceipt) {
  constexpr int kFrames = 300;
  std::atomic<int> valid = 0;
  const auto sender = Sender();
  for (int i = 0; i < kFrames; ++i) {
    std::string frame = Frame();
    sender->Submit(frame, [&, frame](absl::StatusOr<v1::Receipt> receipt) {
      if (receipt.ok() &&
          CheckReceipt(*receipt, frame, round_.receipt_key.verify_key()).ok()) {
        ++valid;
      }
    });
  }
  sender->Wait();
  EXPECT_EQ(valid, kFrames);
  EXPECT_THAT(fake_.Stored(), SizeIs(kFrames));
}

TEST_F(SubmissionSenderTest, OneInFlightIsEnough) {
  std::atomic<int> done = 0;
  const auto sender = Sender(1);
  for (int i = 0; i < 20; ++i) {
    sender->Submit(
        Frame(),
        [&](const absl::StatusOr<v1::Receipt>& /*receipt*/) { ++done; });
  }
  sender->Wait();
  EXPECT_EQ(done, 20);
}

TEST_F(SubmissionSenderTest, ARefusalReachesItsCaller) {
  absl::Status outcome;
  const auto sender = Sender();
  sender->Submit(std::string(kFrameSize, 'x'),
                 [&](const absl::StatusOr<v1::Receipt>& receipt) {
                   outcome = receipt.status();
                 });
  sender->Wait();
  EXPECT_THAT(outcome, HasReason(Reason::kFrameMalformed));
}

TEST_F(SubmissionSenderTest, AShortFailureOfTheServerIsPassedOver) {
  front_.FailNextSubmits(2);
  absl::Status outcome = absl::UnknownError("");
  const auto sender = Sender();
  sender->Submit(Frame(), [&](const absl::StatusOr<v1::Receipt>& receipt) {
    outcome = receipt.status();
  });
  sender->Wait();
  EXPECT_OK(outcome);
}

TEST_F(SubmissionSenderTest, DestructionWaitsForEverything) {
  std::atomic<int> done = 0;
  {
    const auto sender = Sender();
    for (int i = 0; i < 20; ++i) {
      sender->Submit(
          Frame(),
          [&](const absl::StatusOr<v1::Receipt>& /*receipt*/) { ++done; });
    }
  }
  EXPECT_EQ(done, 20);
}

// If the last call outlived its channel, gRPC would take its completion queue
// down from the queue's own thread, and the program with it, now and then.
TEST_F(SubmissionSenderTest, SendersComeAndGo) {
  std::atomic<int> done = 0;
  for (int i = 0; i < 600; ++i) {
    const auto sender = Sender();
    for (int frame = 0; frame < 4; ++frame) {
      sender->Submit(
          Frame(),
          [&](const absl::StatusOr<v1::Receipt>& /*receipt*/) { ++done; });
    }
  }
  EXPECT_EQ(done, 2400);
}

TEST_F(SubmissionSenderTest, AnAddressThatIsNoneIsRefused) {
  testing::SubmissionSender::Options options;
  options.connect.server = "nowhere";
  EXPECT_THAT(testing::SubmissionSender::Create(options),
              HasReason(Reason::kServerAddressMalformed));
}

}  // namespace
}  // namespace commonwage::client
