// SPDX-License-Identifier: Apache-2.0
#include "storage/members/grant_queue.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/mutex.h"
#include "storage/database.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::SampleBytes;
using testing::SampleKey;

constexpr int kMembers = 200;
constexpr char kRound[] = "pay.2026";

CodeDigest Code(uint64_t i) {
  return *CodeDigest::From(SampleBytes(1000 + i, 32));
}
RequestDigest Request(uint64_t i) {
  return *RequestDigest::From(SampleBytes(5000 + i, 32));
}

// What became of requests, by the number they were added with.
class Outcomes {
 public:
  GrantQueue::Done Recorder(int i) {
    return [this, i](const absl::StatusOr<Grant>& outcome) {
      const MutexLock lock(mutex_);
      ++calls_[i];
      outcomes_.emplace(i, outcome);
    };
  }
  // Only once the queue is gone.
  const std::map<int, int>& calls() const { return calls_; }
  const std::map<int, absl::StatusOr<Grant>>& all() const { return outcomes_; }

 private:
  Mutex mutex_;
  std::map<int, int> calls_;
  std::map<int, absl::StatusOr<Grant>> outcomes_;
};

class GrantQueueTest : public ::testing::Test {
 protected:
  GrantQueueTest() {
    OpenOptions options;
    options.create = true;
    roll_ = MemberRoll::Open(directory_.File("roll.db"), SampleKey(1), options)
                .value();
    std::vector<std::string> members;
    std::vector<MemberCode> codes;
    for (int i = 0; i < kMembers; ++i) {
      members.push_back(absl::StrCat("m", i));
      codes.push_back(
          {members.back(), Code(static_cast<uint64_t>(i)), SealedCode()});
    }
    EXPECT_OK(roll_->AddMembers(members));
    EXPECT_OK(roll_->SetCodes(codes, OldCode::kStays));
    EXPECT_OK(roll_->AddIssuingKey(kRound, {"public", "wrapped"}));
  }

  testing::TempDirectory directory_;
  std::unique_ptr<MemberRoll> roll_;
};

TEST_F(GrantQueueTest, EveryMemberIsGrantedOnceAndItIsKept) {
  Outcomes outcomes;
  {
    GrantQueue queue(*roll_);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = thread; i < kMembers; i += 4) {
          queue.Add({kRound, Code(static_cast<uint64_t>(i)),
                     Request(static_cast<uint64_t>(i))},
                    outcomes.Recorder(i));
        }
      });
    }
  }
  ASSERT_EQ(outcomes.all().size(), size_t{kMembers});
  std::vector<GrantRequest> others;
  for (const auto& [i, outcome] : outcomes.all()) {
    EXPECT_EQ(outcomes.calls().at(i), 1);
    EXPECT_EQ(outcome.value(), Grant::kGranted);
    others.push_back({kRound, Code(static_cast<uint64_t>(i)),
                      Request(static_cast<uint64_t>(kMembers + i))});
  }
  for (const absl::StatusOr<Grant>& outcome : roll_->GrantAll(others)) {
    EXPECT_EQ(outcome.value(), Grant::kOtherRequested);
  }
}

TEST_F(GrantQueueTest, ManyRacingForOneCodeGetOneGrant) {
  Outcomes outcomes;
  {
    GrantQueue queue(*roll_);
    std::vector<std::jthread> racers;
    for (int i = 0; i < 50; ++i) {
      racers.emplace_back([&, i] {
        queue.Add({kRound, Code(1), Request(static_cast<uint64_t>(i))},
                  outcomes.Recorder(i));
      });
    }
  }
  int granted = 0;
  for (const auto& [i, outcome] : outcomes.all()) {
    granted += outcome.value() == Grant::kGranted ? 1 : 0;
  }
  EXPECT_EQ(outcomes.all().size(), 50U);
  EXPECT_EQ(granted, 1);
}

TEST_F(GrantQueueTest, ARequestThatFailsLeavesTheOthersAlone) {
  Outcomes outcomes;
  {
    GrantQueue queue(*roll_);
    for (int i = 0; i < 60; ++i) {
      queue.Add({i % 2 == 0 ? kRound : "pay.1999",
                 Code(static_cast<uint64_t>(i)), Request(1)},
                outcomes.Recorder(i));
    }
  }
  for (const auto& [i, outcome] : outcomes.all()) {
    EXPECT_EQ(outcome.ok(), i % 2 == 0);
  }
}

}  // namespace
}  // namespace commonwage::storage
