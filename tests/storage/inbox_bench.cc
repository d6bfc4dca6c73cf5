// SPDX-License-Identifier: Apache-2.0
// How fast an inbox takes submissions in, as a share of the floor in the same
// run: bare inserts of the same frames with the same settings into the same
// kind of file. Not a test: storage.inbox_bench [ROWS [BATCH]].

#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "base/check.h"
#include "crypto/sodium_random.h"
#include "storage/database.h"
#include "storage/inbox/inbox_rows.h"
#include "storage/statement.h"
#include "storage/transaction.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::SampleKey;
using testing::SampleSubmit;
using testing::TempDirectory;

// Frames are made beforehand, so that only storing them is timed.
constexpr uint64_t kPrepared = 20000;

std::vector<NewSubmission> Prepare(uint64_t first, uint64_t count) {
  std::vector<NewSubmission> submissions;
  submissions.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    submissions.push_back(SampleSubmit(first + i));
  }
  return submissions;
}

// Time by the clock and by this process's share of the processors.
struct Spent {
  absl::Duration clock;
  absl::Duration processor;

  friend Spent operator-(const Spent& a, const Spent& b) {
    return {a.clock - b.clock, a.processor - b.processor};
  }
  Spent& operator+=(const Spent& other) {
    clock += other.clock;
    processor += other.processor;
    return *this;
  }
};

Spent Now() {
  timespec processor{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &processor);
  return {absl::Now() - absl::UnixEpoch(),
          absl::DurationFromTimespec(processor)};
}

double PerSecond(uint64_t count, absl::Duration taken) {
  return static_cast<double>(count) / absl::ToDoubleSeconds(taken);
}

// One transaction of bare inserts.
absl::Status InsertBare(Database& database,
                        absl::Span<const NewSubmission> batch) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database);
  COMMONWAGE_CHECK(transaction.ok());
  absl::StatusOr<Statement> insert =
      database.Prepare("INSERT INTO bare VALUES (?, ?)");
  COMMONWAGE_CHECK(insert.ok());
  for (const NewSubmission& each : batch) {
    const absl::Status status = insert->BindBlob(1, each.pseudonym.view())
                                    .BindBlob(2, each.frame)
                                    .Run();
    COMMONWAGE_CHECK(status.ok());
  }
  return transaction->Commit();
}

int Run(uint64_t rows, size_t batch_size) {
  const TempDirectory directory;
  crypto::SodiumRandom random;
  OpenOptions options;
  options.create = true;
  absl::StatusOr<InboxRows> inbox =
      InboxRows::Open(directory.File("inbox.db"), SampleKey(1), options);
  options.cache_bytes = int64_t{64} << 20U;
  absl::StatusOr<Database> bare =
      Database::Open(directory.File("bare.db"), SampleKey(2), options);
  COMMONWAGE_CHECK(inbox.ok() && bare.ok());
  COMMONWAGE_CHECK(
      bare->Execute("CREATE TABLE bare (pseudonym BLOB UNIQUE, frame BLOB)")
          .ok());
  std::printf("%10s %10s %10s %12s %12s %7s %9s\n", "stored", "inbox/s",
              "bare/s", "inbox/cpu-s", "bare/cpu-s", "share", "pause");
  for (uint64_t stored = 0; stored < rows; stored += kPrepared) {
    const std::vector<NewSubmission> submissions = Prepare(stored, kPrepared);
    Spent on_inbox;
    Spent on_bare;
    absl::Duration pause;
    for (size_t at = 0; at < submissions.size(); at += batch_size) {
      const auto batch = absl::MakeSpan(submissions).subspan(at, batch_size);
      const Spent start = Now();
      COMMONWAGE_CHECK(inbox->Apply(batch).ok());
      COMMONWAGE_CHECK(inbox->ShuffleIfFull(random, false).ok());
      const Spent between = Now();
      COMMONWAGE_CHECK(InsertBare(*bare, batch).ok());
      on_inbox += between - start;
      on_bare += Now() - between;
      pause = std::max(pause, (between - start).clock);
    }
    std::printf("%10llu %10.0f %10.0f %12.0f %12.0f %7.2f %6.0f ms\n",
                static_cast<unsigned long long>(stored + kPrepared),
                PerSecond(kPrepared, on_inbox.clock),
                PerSecond(kPrepared, on_bare.clock),
                PerSecond(kPrepared, on_inbox.processor),
                PerSecond(kPrepared, on_bare.processor),
                absl::FDivDuration(on_bare.processor, on_inbox.processor),
                absl::ToDoubleMilliseconds(pause));
    std::fflush(stdout);
  }
  const absl::Time start = absl::Now();
  absl::StatusOr<InboxRoot> root = inbox->Close(random);
  COMMONWAGE_CHECK(root.ok());
  const absl::Time closed = absl::Now();
  const absl::Status exported =
      inbox->Export(*root, [](absl::string_view) { return absl::OkStatus(); });
  COMMONWAGE_CHECK(exported.ok());
  const absl::Time done = absl::Now();
  options.create = false;
  COMMONWAGE_CHECK(
      InboxRows::Open(directory.File("inbox.db"), SampleKey(1), options).ok());
  std::printf("close %.2f s, export %.0f frames/s, open with check %.2f s\n",
              absl::ToDoubleSeconds(closed - start),
              PerSecond(rows, done - closed),
              absl::ToDoubleSeconds(absl::Now() - done));
  return 0;
}

}  // namespace
}  // namespace commonwage::storage

int main(int argc, char** argv) {
  const uint64_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200000;
  const uint64_t batch = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100;
  return commonwage::storage::Run(rows, batch);
}
