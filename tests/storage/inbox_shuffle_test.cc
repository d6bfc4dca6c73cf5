// SPDX-License-Identifier: Apache-2.0
// An inbox forgets who came before whom, and notices what was put back.

#include "storage/inbox/inbox_shuffle.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/inbox/inbox_rows.h"
#include "storage/statement.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/decrypted_pages.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::SampleKey;
using testing::SampleSubmission;
using testing::SampleSubmit;

constexpr size_t kPageSize = 8192;

class InboxShuffleTest : public ::testing::Test {
 protected:
  absl::StatusOr<InboxRows> Open() {
    OpenOptions options;
    options.create = true;
    return InboxRows::Open(path_, SampleKey(1), options);
  }
  // Submits workers [first, last), settling as a running inbox does.
  void SubmitRange(InboxRows& rows, uint64_t first, uint64_t last) {
    for (uint64_t worker = first; worker < last; ++worker) {
      const std::vector<NewSubmission> one = {SampleSubmit(worker)};
      ASSERT_OK(rows.Apply(one));
      ASSERT_OK(rows.ShuffleIfFull(random_, false));
    }
  }
  // Returns who is in `table`, in the order of the file.
  std::vector<uint64_t> OrderIn(const std::string& table, uint64_t workers) {
    std::map<std::string, uint64_t> names;
    for (uint64_t worker = 0; worker < workers; ++worker) {
      names[std::string(SampleSubmit(worker).pseudonym.view())] = worker;
    }
    Database database = Database::Open(path_, SampleKey(1)).value();
    Statement select =
        database.Prepare("SELECT pseudonym FROM " + table + " ORDER BY rowid")
            .value();
    std::vector<uint64_t> order;
    while (select.Step().value()) {
      order.push_back(names.at(std::string(select.Blob(0))));
    }
    return order;
  }
  std::string FileBytes() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file),
            std::istreambuf_iterator<char>()};
  }
  void PutFileBytes(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }

  testing::TempDirectory directory_;
  std::string path_ = directory_.File("round.db");
  testing::SeededRandom random_{5};
};

TEST(SegmentLimitTest, GrowsWithTheRoundWithinLimits) {
  EXPECT_EQ(SegmentLimit(0, false), 16);
  EXPECT_EQ(SegmentLimit(64, false), 16);
  EXPECT_EQ(SegmentLimit(400, false), 100);
  EXPECT_EQ(SegmentLimit(1000000, false), 8192);
}

TEST(SegmentLimitTest, IsAsManyAsAreThereWhileOthersWait) {
  EXPECT_EQ(SegmentLimit(0, true), 16);
  EXPECT_EQ(SegmentLimit(400, true), 400);
  EXPECT_EQ(SegmentLimit(1000000, true), 8192);
}

TEST_F(InboxShuffleTest, KeepsArrivalOrderOnlyInTheNewestSegment) {
  constexpr uint64_t kWorkers = 500;
  absl::StatusOr<InboxRows> rows = Open();
  ASSERT_OK(rows);
  SubmitRange(*rows, 0, kWorkers);
  const std::vector<uint64_t> settled = OrderIn("settled", kWorkers);
  const std::vector<uint64_t> newest = OrderIn("newest", kWorkers);
  EXPECT_EQ(settled.size() + newest.size(), kWorkers);
  EXPECT_LE(newest.size(), kWorkers / 5 + 1);
  // Pairs in the order of arrival: half of them, within five deviations of a
  // random order (a false alarm in two million runs, and the seed is fixed).
  double pairs = 0;
  double ordered = 0;
  for (size_t i = 0; i < settled.size(); ++i) {
    for (size_t j = i + 1; j < settled.size(); ++j) {
      ++pairs;
      ordered += settled[i] < settled[j] ? 1 : 0;
    }
  }
  const auto n = static_cast<double>(settled.size());
  const double deviation = std::sqrt(n * (n - 1) * (2 * n + 5) / 72);
  EXPECT_LT(std::abs(ordered - pairs / 2), 5 * deviation);
  EXPECT_GT(std::abs(pairs - pairs / 2),
            5 * deviation);  // If it were in order.
}

TEST_F(InboxShuffleTest, EveryOrderOfFewRowsIsAboutAsLikely) {
  constexpr int kRuns = 1200;
  std::map<std::vector<uint64_t>, int> seen;
  absl::StatusOr<InboxRows> rows = Open();
  ASSERT_OK(rows);
  absl::StatusOr<Database> database = Database::Open(path_, SampleKey(1));
  ASSERT_OK(database);
  SubmitRange(*rows, 0, 3);
  for (int run = 0; run < kRuns; ++run) {
    ASSERT_OK(database->Execute("BEGIN"));
    ASSERT_OK(ShuffleRows(*database, random_));
    Statement select =
        database->Prepare("SELECT pseudonym FROM settled ORDER BY rowid")
            .value();
    std::vector<uint64_t> order;
    while (select.Step().value()) {
      uint64_t worker = 0;
      while (SampleSubmit(worker).pseudonym.view() != select.Blob(0)) {
        ++worker;
      }
      order.push_back(worker);
    }
    ++seen[order];
    ASSERT_OK(database->Execute("ROLLBACK"));
  }
  ASSERT_EQ(seen.size(), 6U);
  for (const auto& [order, count] : seen) {
    // 200 expected, deviation 13; six of them.
    EXPECT_NEAR(count, kRuns / 6, 65);
  }
}

TEST_F(InboxShuffleTest, LosesAndRepeatsNobodyAcrossTheWindow) {
  constexpr uint64_t kWorkers = 12000;
  absl::StatusOr<InboxRows> rows = Open();
  ASSERT_OK(rows);
  for (uint64_t first = 0; first < kWorkers; first += 500) {
    std::vector<NewSubmission> batch;
    for (uint64_t worker = first; worker < first + 500; ++worker) {
      batch.push_back(SampleSubmit(worker));
    }
    ASSERT_OK(rows->Apply(batch));
    ASSERT_OK(rows->ShuffleIfFull(random_, false));
  }
  std::vector<uint64_t> all = OrderIn("settled", kWorkers);
  const std::vector<uint64_t> newest = OrderIn("newest", kWorkers);
  all.insert(all.end(), newest.begin(), newest.end());
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), kWorkers);
  for (uint64_t i = 0; i < kWorkers; ++i) {
    ASSERT_EQ(all[i], i);
  }
  EXPECT_OK(Open());
}

TEST_F(InboxShuffleTest, LeavesNoEarlierFormOfAPageInTheLog) {
  absl::StatusOr<InboxRows> rows = Open();
  ASSERT_OK(rows);
  SubmitRange(*rows, 0, 16);
  EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 0U);
}

bool Holds(const std::string& pages, const std::string& needle) {
  return pages.find(needle) != std::string::npos;
}

// In any page, free ones and the log included, once the next settling is done.
TEST_F(InboxShuffleTest, AWithdrawnAnswerIsGoneFromEveryPage) {
  // From the middle of the frame: its ciphertext.
  const std::string settled = SampleSubmit(3).frame.substr(400, 16);
  const std::string newest = SampleSubmit(39).frame.substr(400, 16);
  absl::StatusOr<InboxRows> rows = Open();
  ASSERT_OK(rows);
  SubmitRange(*rows, 0, 40);
  const std::string before = testing::DecryptedPages(path_, SampleKey(1));
  EXPECT_TRUE(Holds(before, settled));
  EXPECT_TRUE(Holds(before, newest));
  const std::vector<NewSubmission> withdrawals = {
      SampleSubmission(3, Operation::kWithdraw, 1),
      SampleSubmission(39, Operation::kWithdraw, 1)};
  ASSERT_OK(rows->Apply(withdrawals));
  SubmitRange(*rows, 40, 60);
  const std::string after = testing::DecryptedPages(path_, SampleKey(1));
  EXPECT_FALSE(Holds(after, settled));
  EXPECT_FALSE(Holds(after, newest));
  EXPECT_TRUE(Holds(after, SampleSubmit(4).frame.substr(400, 16)));
}

// Puts each page, one at a time, back to what it was before the last changes.
TEST_F(InboxShuffleTest, NoticesAnyOldPagePutBack) {
  {
    absl::StatusOr<InboxRows> rows = Open();
    ASSERT_OK(rows);
    SubmitRange(*rows, 0, 150);
  }
  const std::string before = FileBytes();
  {
    absl::StatusOr<InboxRows> rows = Open();
    ASSERT_OK(rows);
    // An amendment of a settled row, a withdrawal and a submission.
    const std::vector<NewSubmission> changes = {
        SampleSubmission(5, Operation::kAmend, 1),
        SampleSubmission(9, Operation::kWithdraw, 1), SampleSubmit(150)};
    ASSERT_OK(rows->Apply(changes));
  }
  const std::string after = FileBytes();
  ASSERT_EQ(before.size() % kPageSize, 0U);
  int replaced = 0;
  int passed_sqlcipher = 0;
  for (size_t at = 0; at + kPageSize <= before.size(); at += kPageSize) {
    const std::string old_page = before.substr(at, kPageSize);
    if (after.compare(at, kPageSize, old_page) == 0) {
      continue;
    }
    ++replaced;
    std::string mixed = after;
    mixed.replace(at, kPageSize, old_page);
    PutFileBytes(mixed);
    EXPECT_FALSE(Open().ok()) << "page " << at / kPageSize;
    PutFileBytes(mixed);
    absl::StatusOr<Database> database = Database::Open(path_, SampleKey(1));
    if (database.ok()) {
      Statement check =
          database->Prepare("PRAGMA cipher_integrity_check").value();
      passed_sqlcipher += check.Step().value() ? 0 : 1;
    }
  }
  EXPECT_GE(replaced, 5);
  EXPECT_GT(passed_sqlcipher, 0);  // SQLCipher alone does not notice.
  PutFileBytes(after);
  EXPECT_OK(Open());
}

TEST_F(InboxShuffleTest, ARolledBackFileFailsAgainstTheRootOfItsClose) {
  InboxRoot root;
  {
    absl::StatusOr<InboxRows> rows = Open();
    ASSERT_OK(rows);
    SubmitRange(*rows, 0, 30);
  }
  const std::string earlier = FileBytes();
  {
    absl::StatusOr<InboxRows> rows = Open();
    ASSERT_OK(rows);
    SubmitRange(*rows, 30, 31);
    root = rows->Close(random_).value();
  }
  PutFileBytes(earlier);
  absl::StatusOr<InboxRows> rows = Open();
  ASSERT_OK(rows);  // The whole file, and so its own root, is an older one.
  ASSERT_OK(rows->Close(random_));
  EXPECT_THAT(
      rows->Export(root, [](absl::string_view) { return absl::OkStatus(); }),
      HasReason(Reason::kInboxAltered));
}

}  // namespace
}  // namespace commonwage::storage
