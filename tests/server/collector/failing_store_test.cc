// SPDX-License-Identifier: Apache-2.0
// What callers hear when the store cannot do its part.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "storage/inbox/inbox.h"
#include "tests/server/collector/collector_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {
namespace {

using storage::Acceptance;
using testing::HasReason;
using testing::SampleRound;
using testing::StatusIs;

// Answers every submission with what the test says, when it says so.
class ScriptedInbox final : public storage::Inbox {
 public:
  void Submit(storage::NewSubmission /*submission*/, Done done) override {
    if (answer.has_value()) {
      done(*answer);
    } else {
      waiting = std::move(done);
    }
  }
  absl::StatusOr<storage::InboxRoot> Close() override {
    return storage::InboxRoot();
  }
  absl::StatusOr<bool> IsClosed() override { return false; }
  absl::StatusOr<uint64_t> CountFrames() override { return 0; }
  absl::StatusOr<uint64_t> CountCommits() override { return 0; }
  absl::Status Export(const storage::InboxRoot& /*closed_root*/,
                      VisitFrame /*visit*/) override {
    return absl::OkStatus();
  }

  std::optional<absl::StatusOr<Acceptance>> answer;
  Done waiting;
};

class FailingStoreTest : public CollectorFixture {
 protected:
  FailingStoreTest() {
    EXPECT_OK(keeper_.Refresh());
    BoardRound round = *board_.Get()->Find(round_.id);
    round.inbox = inbox_;
    board_.Set(std::make_shared<const RoundTable>(std::vector{round}));
  }

  absl::StatusOr<SignedReceipt> AdmitWhenStoreSays(
      absl::StatusOr<Acceptance> answer) {
    inbox_->answer = std::move(answer);
    return Admit(host_.Frame(round_, 1));
  }

  SampleRound round_ = host_.Import(host_.SampleManifest());
  std::shared_ptr<ScriptedInbox> inbox_ = std::make_shared<ScriptedInbox>();
};

TEST_F(FailingStoreTest, SaysThatTheDiskIsFull) {
  const auto refused =
      AdmitWhenStoreSays(Refusal(Reason::kDiskFull, "at /path"));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(refused, HasReason(Reason::kDiskFull));
  EXPECT_THAT(refused.status().ToString(),
              ::testing::Not(::testing::HasSubstr("/path")));
}

TEST_F(FailingStoreTest, SaysNoMoreThanThatItIsUnavailableOtherwise) {
  for (const absl::Status& failure :
       {absl::InternalError("row 7"), absl::DataLossError("page 9"),
        Refusal(Reason::kDiskFailed, "sector 3"),
        Refusal(Reason::kOutOfMemory, "x")}) {
    const auto refused = AdmitWhenStoreSays(failure);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(refused, HasReason(Reason::kStoreUnavailable));
    EXPECT_THAT(refused.status().ToString(),
                ::testing::Not(::testing::ContainsRegex("[0-9]")));
  }
}

TEST_F(FailingStoreTest, TellsTheCollectorsReasonForEachAnswerOfTheStore) {
  EXPECT_OK(AdmitWhenStoreSays(Acceptance::kStored));
  EXPECT_OK(AdmitWhenStoreSays(Acceptance::kAlreadyStored));
  EXPECT_THAT(AdmitWhenStoreSays(Acceptance::kOlderSequence),
              HasReason(Reason::kSequenceUsed));
  EXPECT_THAT(AdmitWhenStoreSays(Acceptance::kConflict),
              HasReason(Reason::kSequenceUsed));
  EXPECT_THAT(AdmitWhenStoreSays(Acceptance::kWithdrawn),
              HasReason(Reason::kAlreadyWithdrawn));
  EXPECT_THAT(AdmitWhenStoreSays(Acceptance::kNothingToAmend),
              HasReason(Reason::kNothingToAmend));
  EXPECT_THAT(AdmitWhenStoreSays(Acceptance::kClosed),
              HasReason(Reason::kRoundClosed));
}

TEST_F(FailingStoreTest, SaysNothingBeforeTheStoreDoes) {
  bool answered = false;
  admission_.Admit(host_.Frame(round_, 1),
                   [&](const absl::StatusOr<SignedReceipt>& receipt) {
                     EXPECT_OK(receipt);
                     answered = true;
                   });
  EXPECT_FALSE(answered);
  inbox_->waiting(Acceptance::kStored);
  EXPECT_TRUE(answered);
}

TEST_F(FailingStoreTest, IsUnavailableWhileItsInboxCannotBeOpened) {
  BoardRound round = *board_.Get()->Find(round_.id);
  round.inbox = nullptr;
  board_.Set(std::make_shared<const RoundTable>(std::vector{round}));
  EXPECT_THAT(Admit(host_.Frame(round_, 1)),
              HasReason(Reason::kStoreUnavailable));
}

}  // namespace
}  // namespace commonwage::server::collector
