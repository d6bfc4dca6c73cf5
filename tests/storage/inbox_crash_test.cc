// SPDX-License-Identifier: Apache-2.0
// Nothing acknowledged is lost, and nothing is there twice: a scripted round is
// cut off at every single change of its files, what was not synced is dropped,
// and the inbox is opened again.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/inbox/inbox_rows.h"
#include "storage/inbox/sqlcipher_inbox.h"
#include "tests/storage/faulty_disk.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::FaultyDisk;
using testing::HasReason;
using testing::SampleKey;
using testing::SampleSubmission;
using testing::SampleSubmit;
using testing::SeededRandom;
using testing::StatusIs;
using testing::SubmitAll;

// By pseudonym: the digest of the latest frame. Withdrawn ones are absent.
using Contents = std::map<std::string, std::string>;

constexpr uint64_t kWorkers = 44;

// Submissions, amendments and withdrawals in batches, over rows of every age.
std::vector<std::vector<NewSubmission>> Script() {
  std::vector<std::vector<NewSubmission>> batches;
  for (uint64_t first = 0; first < kWorkers; first += 4) {
    std::vector<NewSubmission> batch;
    for (uint64_t worker = first; worker < first + 4; ++worker) {
      batch.push_back(SampleSubmit(worker));
    }
    batch.push_back(SampleSubmission(first / 2, Operation::kAmend, 1 + first));
    if (first >= 8) {
      batch.push_back(
          SampleSubmission(first - 5, Operation::kWithdraw, 100 + first));
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

void ApplyToModel(const std::vector<NewSubmission>& batch, Contents& contents) {
  for (const NewSubmission& each : batch) {
    const std::string name(each.pseudonym.view());
    if (each.operation == Operation::kWithdraw) {
      contents.erase(name);
    } else {
      contents[name] = std::string(each.frame_digest.view());
    }
  }
}

class InboxCrashTest : public ::testing::Test {
 protected:
  OpenOptions Options(Synchronous synchronous) {
    OpenOptions options;
    options.create = true;
    options.vfs = FaultyDisk::kVfs;
    options.synchronous = synchronous;
    return options;
  }

  // Runs the script until something fails. Returns what was acknowledged, and
  // what would be there if the batch that failed was stored after all.
  std::pair<Contents, Contents> RunScript(const std::string& path,
                                          Synchronous synchronous) {
    Contents acknowledged;
    absl::StatusOr<InboxRows> rows =
        InboxRows::Open(path, SampleKey(1), Options(synchronous));
    if (!rows.ok()) {
      return {acknowledged, acknowledged};
    }
    for (const std::vector<NewSubmission>& batch : Script()) {
      Contents after = acknowledged;
      ApplyToModel(batch, after);
      if (!rows->Apply(batch).ok()) {
        return {acknowledged, after};
      }
      acknowledged = std::move(after);
      // A failed settling is nobody's failure.
      static_cast<void>(rows->ShuffleIfFull(random_, false));
    }
    return {acknowledged, acknowledged};
  }

  // Opens the inbox again and returns what is in it; nullopt if it cannot.
  std::optional<Contents> ReadBack(const std::string& path) {
    absl::StatusOr<InboxRows> rows =
        InboxRows::Open(path, SampleKey(1), Options(Synchronous::kFull));
    if (!rows.ok()) {
      return std::nullopt;
    }
    const absl::StatusOr<InboxRoot> root = rows->Close(random_);
    if (!root.ok()) {
      return std::nullopt;
    }
    Contents contents;
    const absl::Status exported =
        rows->Export(*root, [&contents](absl::string_view frame) {
          // The export itself refuses a pseudonym that comes twice.
          contents[names_.at(std::string(frame))] =
              std::string(crypto::Sha256(kFrameDigestLabel, frame).view());
          return absl::OkStatus();
        });
    return exported.ok() ? std::make_optional(contents) : std::nullopt;
  }

  // Cuts the script off at each change. Returns at how many of them something
  // acknowledged was lost, or the inbox was.
  int CountLosses(Synchronous synchronous, FaultyDisk::Survives survives,
                  int64_t stride) {
    int losses = 0;
    for (int64_t n = 1;; n += stride) {
      const testing::TempDirectory directory;
      const std::string path = directory.File("round.db");
      const int64_t before = disk_.changes();
      disk_.LosePowerAtChange(n);
      const auto [acknowledged, with_last] = RunScript(path, synchronous);
      const bool finished = disk_.changes() - before < n;
      disk_.Restart(survives, random_);
      const std::optional<Contents> found = ReadBack(path);
      if (found != acknowledged && found != with_last) {
        ++losses;
      }
      if (finished) {
        return losses;
      }
    }
  }

  static std::map<std::string, std::string> NamesByFrame() {
    std::map<std::string, std::string> names;
    for (const std::vector<NewSubmission>& batch : Script()) {
      for (const NewSubmission& each : batch) {
        names[each.frame] = std::string(each.pseudonym.view());
      }
    }
    return names;
  }

  static const std::map<std::string, std::string> names_;
  FaultyDisk disk_;
  SeededRandom random_{3};
};

const std::map<std::string, std::string> InboxCrashTest::names_ =
    InboxCrashTest::NamesByFrame();

TEST_F(InboxCrashTest, KeepsEveryAcknowledgedSubmissionWhereverThePowerFails) {
  EXPECT_EQ(CountLosses(Synchronous::kFull, FaultyDisk::Survives::kNothing, 1),
            0);
}

TEST_F(InboxCrashTest, KeepsThemAlsoIfUnsyncedWritesSurviveInPartsAndTorn) {
  EXPECT_EQ(
      CountLosses(Synchronous::kFull, FaultyDisk::Survives::kSomeAndTorn, 1),
      0);
}

// Otherwise the two tests above would prove nothing.
TEST_F(InboxCrashTest, LosesThemWithoutSyncsSoThatTheTestIsShownToSeeIt) {
  EXPECT_GT(CountLosses(Synchronous::kOff, FaultyDisk::Survives::kNothing, 7),
            5);
}

TEST_F(InboxCrashTest, AFullDiskIsToldToEveryCallerAndLeavesTheInboxWhole) {
  size_t refused = 0;
  for (int64_t n = 1; n < 60; ++n) {
    const testing::TempDirectory directory;
    const std::string path = directory.File("round.db");
    absl::StatusOr<std::unique_ptr<Inbox>> inbox = OpenSqlcipherInbox(
        path, SampleKey(1), random_, Options(Synchronous::kFull));
    ASSERT_OK(inbox);
    Contents expected;
    const auto batches = Script();
    for (size_t i = 0; i < batches.size(); ++i) {
      if (i == 5) {
        disk_.BeFullAtWrite(n);
      }
      const auto answers = SubmitAll(**inbox, batches[i]);
      std::vector<NewSubmission> failed;
      for (size_t j = 0; j < answers.size(); ++j) {
        if (!answers[j].ok()) {
          EXPECT_THAT(answers[j],
                      StatusIs(absl::StatusCode::kResourceExhausted));
          EXPECT_THAT(answers[j], HasReason(Reason::kDiskFull));
          failed.push_back(batches[i][j]);
          ++refused;
        }
      }
      // Space is back: the same frames are taken, and the round goes on.
      disk_.Heal();
      for (const auto& answer : SubmitAll(**inbox, failed)) {
        EXPECT_EQ(answer.value(), Acceptance::kStored);
      }
      ApplyToModel(batches[i], expected);
    }
    disk_.Heal();
    inbox->reset();
    EXPECT_TRUE(ReadBack(path) == expected) << n;
  }
  EXPECT_GT(refused, 50U);
}

TEST_F(InboxCrashTest, AFullDiskFailsABatchAsAWhole) {
  const testing::TempDirectory directory;
  absl::StatusOr<InboxRows> rows = InboxRows::Open(
      directory.File("round.db"), SampleKey(1), Options(Synchronous::kFull));
  ASSERT_OK(rows);
  const auto batches = Script();
  ASSERT_OK(rows->Apply(batches[0]));
  for (int64_t n = 1; n <= 4; ++n) {
    disk_.BeFullAtWrite(n);
    EXPECT_THAT(rows->Apply(batches[1]), HasReason(Reason::kDiskFull));
    disk_.Heal();
    EXPECT_EQ(rows->CountFrames().value(), 4U);
  }
  EXPECT_OK(rows->Apply(batches[1]));
  EXPECT_EQ(rows->CountFrames().value(), 8U);
}

TEST_F(InboxCrashTest, AFailedCloseLeavesTheInboxOpenOrClosedButWhole) {
  bool finished = false;
  for (int64_t n = 1; !finished; ++n) {
    const testing::TempDirectory directory;
    const std::string path = directory.File("round.db");
    Contents expected;
    {
      absl::StatusOr<InboxRows> rows =
          InboxRows::Open(path, SampleKey(1), Options(Synchronous::kFull));
      ASSERT_OK(rows);
      for (const std::vector<NewSubmission>& batch : Script()) {
        ASSERT_OK(rows->Apply(batch));
        ApplyToModel(batch, expected);
      }
      const int64_t before = disk_.changes();
      disk_.LosePowerAtChange(n);
      static_cast<void>(rows->Close(random_));
      finished = disk_.changes() - before < n;
    }
    disk_.Restart(FaultyDisk::Survives::kNothing, random_);
    EXPECT_TRUE(ReadBack(path) == expected) << n;
  }
}

}  // namespace
}  // namespace commonwage::storage
