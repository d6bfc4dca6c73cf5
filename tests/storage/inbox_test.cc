// SPDX-License-Identifier: Apache-2.0
// The rules of an inbox, through its public interface.

#include "storage/inbox/inbox.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/catalogue/inbox_age.h"
#include "storage/inbox/sqlcipher_inbox.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::SampleKey;
using testing::SampleSubmission;
using testing::SampleSubmit;
using testing::StatusIs;
using testing::SubmitAll;
using testing::SubmitOne;

class InboxTest : public ::testing::Test {
 protected:
  InboxTest() { Reopen(); }

  void Reopen() {
    inbox_.reset();
    inbox_ = OpenAnother();
  }
  std::unique_ptr<Inbox> OpenAnother() {
    OpenOptions options;
    options.create = true;
    return OpenSqlcipherInbox(path_, SampleKey(1), random_, options).value();
  }
  Acceptance Send(uint64_t worker, Operation operation, uint64_t sequence) {
    return SubmitOne(*inbox_, SampleSubmission(worker, operation, sequence))
        .value();
  }
  // Returns the frames of the closed inbox, in the order of the export.
  std::vector<std::string> Export(const InboxRoot& root) {
    std::vector<std::string> frames;
    EXPECT_OK(inbox_->Export(root, [&frames](absl::string_view frame) {
      frames.emplace_back(frame);
      return absl::OkStatus();
    }));
    return frames;
  }

  testing::TempDirectory directory_;
  std::string path_ = directory_.File("round.db");
  testing::SeededRandom random_{7};
  std::unique_ptr<Inbox> inbox_;
};

TEST_F(InboxTest, AcknowledgesNothingIntoFilesThatAreNoLongerThere) {
  for (const std::string& lost : {path_, path_ + "-wal"}) {
    ASSERT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
    ASSERT_OK(inbox_->CheckInPlace());
    const std::string moved = directory_.File("moved");
    std::filesystem::rename(lost, moved);
    EXPECT_THAT(SubmitOne(*inbox_, SampleSubmit(2)),
                HasReason(Reason::kDatabaseMoved));
    EXPECT_THAT(inbox_->CheckInPlace(), HasReason(Reason::kDatabaseMoved));
    EXPECT_THAT(inbox_->Close(), HasReason(Reason::kDatabaseMoved));
    // Another file of that name is not it.
    std::filesystem::copy_file(moved, lost);
    EXPECT_THAT(SubmitOne(*inbox_, SampleSubmit(2)),
                HasReason(Reason::kDatabaseMoved));
    std::filesystem::rename(moved, lost);
    EXPECT_EQ(SubmitOne(*inbox_, SampleSubmit(2)).value(), Acceptance::kStored);
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::remove(path_ + "-shm");
    Reopen();
  }
}

TEST_F(InboxTest, KeepsASubmissionThroughAReopening) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  Reopen();
  EXPECT_EQ(inbox_->CountFrames().value(), 1U);
  const InboxRoot root = inbox_->Close().value();
  EXPECT_THAT(Export(root), ::testing::ElementsAre(SampleSubmit(1).frame));
}

TEST_F(InboxTest, TakesTheSameFrameAgainAsOftenAsItComes) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kAlreadyStored);
  EXPECT_EQ(Send(1, Operation::kAmend, 4), Acceptance::kStored);
  EXPECT_EQ(Send(1, Operation::kAmend, 4), Acceptance::kAlreadyStored);
  EXPECT_EQ(inbox_->CountFrames().value(), 1U);
}

TEST_F(InboxTest, CountsTheBatchesThatChangedSomething) {
  EXPECT_EQ(inbox_->CountCommits().value(), 0U);
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kAlreadyStored);
  EXPECT_EQ(inbox_->CountCommits().value(), 1U);
  EXPECT_EQ(Send(1, Operation::kWithdraw, 1), Acceptance::kStored);
  Reopen();
  EXPECT_EQ(inbox_->CountCommits().value(), 2U);
}

TEST_F(InboxTest, AnOlderCopyHasSeenFewerBatchesThanWereNoted) {
  RoundSummary noted;
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  inbox_.reset();
  const std::string older = directory_.File("older.db");
  std::filesystem::copy_file(path_, older);
  Reopen();
  EXPECT_EQ(Send(2, Operation::kSubmit, 0), Acceptance::kStored);
  noted.inbox_commits = inbox_->CountCommits().value();
  EXPECT_OK(CheckInboxAge(*inbox_, noted));
  inbox_.reset();
  std::filesystem::rename(older, path_);
  // It opens, since it is right in itself.
  Reopen();
  EXPECT_THAT(CheckInboxAge(*inbox_, noted),
              HasReason(Reason::kInboxRolledBack));
  EXPECT_THAT(CheckInboxAge(*inbox_, noted),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(InboxTest, APseudonymHasOneSubmission) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  NewSubmission another = SampleSubmit(2);
  another.pseudonym = SampleSubmit(1).pseudonym;
  EXPECT_EQ(SubmitOne(*inbox_, another).value(), Acceptance::kConflict);
  EXPECT_EQ(inbox_->CountFrames().value(), 1U);
}

TEST_F(InboxTest, AmendsOnlyForward) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  EXPECT_EQ(Send(1, Operation::kAmend, 5), Acceptance::kStored);
  EXPECT_EQ(Send(1, Operation::kAmend, 4), Acceptance::kOlderSequence);
  EXPECT_EQ(Send(1, Operation::kWithdraw, 5), Acceptance::kOlderSequence);
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kOlderSequence);
  EXPECT_EQ(Send(1, Operation::kAmend, 6), Acceptance::kStored);
  const InboxRoot root = inbox_->Close().value();
  EXPECT_THAT(
      Export(root),
      ::testing::ElementsAre(SampleSubmission(1, Operation::kAmend, 6).frame));
}

TEST_F(InboxTest, ThereMustBeSomethingToAmendOrWithdraw) {
  EXPECT_EQ(Send(1, Operation::kAmend, 1), Acceptance::kNothingToAmend);
  EXPECT_EQ(Send(1, Operation::kWithdraw, 1), Acceptance::kNothingToAmend);
  EXPECT_EQ(inbox_->CountFrames().value(), 0U);
}

// The log holds the order in which frames arrived.
TEST_F(InboxTest, TheCloseEmptiesTheLog) {
  for (uint64_t worker = 1; worker <= 20; ++worker) {
    EXPECT_EQ(Send(worker, Operation::kSubmit, 0), Acceptance::kStored);
  }
  ASSERT_GT(std::filesystem::file_size(path_ + "-wal"), 0U);
  ASSERT_OK(inbox_->Close());
  EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 0U);
}

TEST_F(InboxTest, AWithdrawalIsFinalAndMayBeRepeated) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  EXPECT_EQ(Send(1, Operation::kWithdraw, 1), Acceptance::kStored);
  EXPECT_EQ(Send(1, Operation::kWithdraw, 1), Acceptance::kAlreadyStored);
  EXPECT_EQ(Send(1, Operation::kWithdraw, 2), Acceptance::kWithdrawn);
  EXPECT_EQ(Send(1, Operation::kAmend, 2), Acceptance::kWithdrawn);
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kWithdrawn);
  Reopen();
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kWithdrawn);
  EXPECT_EQ(inbox_->CountFrames().value(), 0U);
  EXPECT_TRUE(Export(inbox_->Close().value()).empty());
}

TEST_F(InboxTest, AppliesTheFramesOfOneBatchInTheirOrder) {
  const std::vector<absl::StatusOr<Acceptance>> answers =
      SubmitAll(*inbox_, {SampleSubmit(1), SampleSubmit(1),
                          SampleSubmission(1, Operation::kAmend, 1),
                          SampleSubmission(1, Operation::kWithdraw, 2),
                          SampleSubmission(1, Operation::kAmend, 3)});
  std::vector<Acceptance> values;
  for (const absl::StatusOr<Acceptance>& answer : answers) {
    values.push_back(answer.value());
  }
  EXPECT_THAT(values, ::testing::ElementsAre(
                          Acceptance::kStored, Acceptance::kAlreadyStored,
                          Acceptance::kStored, Acceptance::kStored,
                          Acceptance::kWithdrawn));
}

// A second voice must not slip in wherever the first one is kept.
TEST_F(InboxTest, TheRulesHoldForRowsOfEveryAge) {
  std::vector<NewSubmission> many;
  for (uint64_t worker = 0; worker < 3000; ++worker) {
    many.push_back(SampleSubmit(worker));
  }
  SubmitAll(*inbox_, std::move(many));
  for (uint64_t worker = 0; worker < 3000; worker += 50) {
    EXPECT_EQ(Send(worker, Operation::kSubmit, 0), Acceptance::kAlreadyStored);
    EXPECT_EQ(Send(worker, Operation::kAmend, 1), Acceptance::kStored);
    EXPECT_EQ(Send(worker, Operation::kSubmit, 0), Acceptance::kOlderSequence);
    EXPECT_EQ(Send(worker, Operation::kWithdraw, 2), Acceptance::kStored);
    EXPECT_EQ(Send(worker, Operation::kSubmit, 0), Acceptance::kWithdrawn);
  }
  Reopen();
  EXPECT_EQ(inbox_->CountFrames().value(), 2940U);
}

// The same script against a plain map.
TEST_F(InboxTest, AgreesWithASimpleModelOverARandomHistory) {
  struct Model {
    uint64_t sequence = 0;
    Operation operation = Operation::kSubmit;
  };
  std::map<uint64_t, Model> model;
  testing::SeededRandom script(11);
  std::vector<NewSubmission> batch;
  std::vector<bool> expected;
  for (int step = 0; step < 4000; ++step) {
    const uint64_t worker = script.Below(400);
    const auto operation = static_cast<Operation>(1 + script.Below(3));
    const uint64_t sequence =
        operation == Operation::kSubmit ? 0 : 1 + script.Below(6);
    const auto known = model.find(worker);
    bool counts = false;
    if (known == model.end()) {
      counts = operation == Operation::kSubmit;
    } else {
      const Model& now = known->second;
      const bool same = now.sequence == sequence && now.operation == operation;
      const bool newer =
          now.operation != Operation::kWithdraw && sequence > now.sequence;
      counts = same || newer;
    }
    if (counts) {
      model[worker] = {sequence, operation};
    }
    batch.push_back(SampleSubmission(worker, operation, sequence));
    expected.push_back(counts);
  }
  const auto answers = SubmitAll(*inbox_, std::move(batch));
  for (size_t i = 0; i < answers.size(); ++i) {
    const bool counts = answers[i].value() == Acceptance::kStored ||
                        answers[i].value() == Acceptance::kAlreadyStored;
    ASSERT_EQ(counts, expected[i]) << i;
  }
  std::vector<std::string> frames;
  for (const auto& [worker, now] : model) {
    if (now.operation != Operation::kWithdraw) {
      frames.push_back(
          SampleSubmission(worker, now.operation, now.sequence).frame);
    }
  }
  EXPECT_THAT(Export(inbox_->Close().value()),
              ::testing::UnorderedElementsAreArray(frames));
}

TEST_F(InboxTest, ExportsByPseudonymAndStopsWhenTheVisitorDoes) {
  std::vector<NewSubmission> many;
  for (uint64_t worker = 0; worker < 500; ++worker) {
    many.push_back(SampleSubmit(worker));
  }
  std::vector<NewSubmission> sorted = many;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.pseudonym < b.pseudonym;
  });
  SubmitAll(*inbox_, std::move(many));
  const InboxRoot root = inbox_->Close().value();
  const std::vector<std::string> frames = Export(root);
  ASSERT_EQ(frames.size(), sorted.size());
  for (size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i], sorted[i].frame);
  }
  int visited = 0;
  EXPECT_THAT(inbox_->Export(root,
                             [&visited](absl::string_view) {
                               return ++visited < 3
                                          ? absl::OkStatus()
                                          : absl::CancelledError("enough");
                             }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(visited, 3);
}

TEST_F(InboxTest, TakesNothingOnceClosedAndKeepsNoTombstones) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  EXPECT_EQ(Send(2, Operation::kSubmit, 0), Acceptance::kStored);
  EXPECT_EQ(Send(2, Operation::kWithdraw, 1), Acceptance::kStored);
  EXPECT_FALSE(inbox_->IsClosed().value());
  const InboxRoot root = inbox_->Close().value();
  EXPECT_TRUE(inbox_->IsClosed().value());
  EXPECT_EQ(inbox_->Close().value(), root);
  EXPECT_EQ(Send(1, Operation::kAmend, 1), Acceptance::kClosed);
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kClosed);
  EXPECT_EQ(Send(3, Operation::kSubmit, 0), Acceptance::kClosed);
  Reopen();
  EXPECT_EQ(inbox_->Close().value(), root);
  EXPECT_EQ(Send(3, Operation::kSubmit, 0), Acceptance::kClosed);

  inbox_.reset();
  absl::StatusOr<Database> database = Database::Open(path_, SampleKey(1));
  ASSERT_OK(database);
  EXPECT_EQ(database->QueryInt64("SELECT count(*) FROM withdrawn").value(), 0);
  EXPECT_EQ(database->QueryInt64("SELECT count(*) FROM newest").value(), 0);
}

TEST_F(InboxTest, IsNotExportedBeforeItIsClosed) {
  EXPECT_THAT(
      inbox_->Export(InboxRoot(),
                     [](absl::string_view) { return absl::OkStatus(); }),
      HasReason(Reason::kRoundNotClosed));
}

TEST_F(InboxTest, IsNotExportedAgainstTheRootOfAnotherState) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  ASSERT_OK(inbox_->Close());
  EXPECT_THAT(
      inbox_->Export(InboxRoot(),
                     [](absl::string_view) { return absl::OkStatus(); }),
      HasReason(Reason::kInboxAltered));
}

// Run by the next test in a process of its own.
TEST(InboxChildTest, DISABLED_ClosesAnInbox) {
  const char* path = std::getenv("COMMONWAGE_TEST_INBOX");
  ASSERT_NE(path, nullptr);
  testing::SeededRandom random(8);
  const absl::StatusOr<std::unique_ptr<Inbox>> inbox =
      OpenSqlcipherInbox(path, SampleKey(1), random);
  ASSERT_OK(inbox);
  ASSERT_OK((*inbox)->Close());
}

// What commonwage-admin does while commonwaged runs.
TEST_F(InboxTest, NothingIsStoredAfterAnotherProcessClosedIt) {
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> stored = 0;
  std::vector<std::thread> workers;
  for (uint64_t thread = 0; thread < 4; ++thread) {
    workers.emplace_back([&, thread] {
      for (uint64_t i = 0; !stop; ++i) {
        if (Send(thread * 1000000 + i, Operation::kSubmit, 0) ==
            Acceptance::kStored) {
          ++stored;
        }
      }
    });
  }
  const std::string command = "COMMONWAGE_TEST_INBOX=" + path_ + " /proc/" +
                              std::to_string(getpid()) +
                              "/exe --gtest_also_run_disabled_tests "
                              "--gtest_filter=InboxChildTest.* > /dev/null";
  const int result = std::system(command.c_str());
  // Every answer from here on is younger than the close.
  const absl::StatusOr<Acceptance> late =
      SubmitOne(*inbox_, SampleSubmit(999999999));
  stop = true;
  for (std::thread& worker : workers) {
    worker.join();
  }
  ASSERT_EQ(result, 0);
  EXPECT_EQ(late.value(), Acceptance::kClosed);
  EXPECT_GT(stored, 0U);
  EXPECT_EQ(Export(inbox_->Close().value()).size(), stored);
}

TEST_F(InboxTest, ManyThreadsRacingForOnePseudonymLeaveOneSubmission) {
  std::atomic<int> stored = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> racers;
  for (uint64_t i = 0; i < 50; ++i) {
    racers.emplace_back([&, i] {
      NewSubmission mine = SampleSubmit(100 + i);
      mine.pseudonym = SampleSubmit(1).pseudonym;
      const Acceptance result = SubmitOne(*inbox_, mine).value();
      stored += result == Acceptance::kStored ? 1 : 0;
      refused += result == Acceptance::kConflict ? 1 : 0;
    });
  }
  for (std::thread& racer : racers) {
    racer.join();
  }
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(refused, 49);
  EXPECT_EQ(inbox_->CountFrames().value(), 1U);
}

TEST_F(InboxTest, AnswersEverySubmissionBeforeItGoes) {
  std::atomic<int> answered = 0;
  for (uint64_t i = 0; i < 1000; ++i) {
    inbox_->Submit(SampleSubmit(i), [&answered](const auto& answer) {
      answered += answer.ok() ? 1 : 0;
    });
  }
  inbox_.reset();
  EXPECT_EQ(answered, 1000);
  Reopen();
  EXPECT_EQ(inbox_->CountFrames().value(), 1000U);
}

// Callers that arrive together share one sync: far fewer commits than callers.
TEST_F(InboxTest, SharesOneCommitAmongThoseThatArriveTogether) {
  absl::StatusOr<Database> watcher = Database::Open(path_, SampleKey(1));
  ASSERT_OK(watcher);
  std::atomic<int> answered = 0;
  std::set<int64_t> versions = {watcher->DataVersion().value()};
  for (uint64_t i = 0; i < 4000; ++i) {
    inbox_->Submit(SampleSubmit(i), [&answered](const auto& answer) {
      answered += answer.ok() ? 1 : 0;
    });
  }
  while (answered < 4000) {
    versions.insert(watcher->DataVersion().value());
  }
  EXPECT_LT(versions.size(), 400U);
}

TEST_F(InboxTest, DoesNotOpenUnderTheKeyOfAnotherRound) {
  inbox_.reset();
  EXPECT_THAT(OpenSqlcipherInbox(path_, SampleKey(2), random_),
              HasReason(Reason::kDatabaseKeyWrong));
}

TEST_F(InboxTest, IsRemovedWithAllItsFiles) {
  EXPECT_EQ(Send(1, Operation::kSubmit, 0), Acceptance::kStored);
  inbox_.reset();
  EXPECT_OK(RemoveSqlcipherInbox(path_));
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
  EXPECT_OK(RemoveSqlcipherInbox(path_));
}

}  // namespace
}  // namespace commonwage::storage
