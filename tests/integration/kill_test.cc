// SPDX-License-Identifier: Apache-2.0
// Promise 6: an acknowledged submission is on disk. The server is killed at
// random moments under load, and what it had not synced is thrown away by a
// layer under SQLite; every acknowledged submission is there after the restart,
// and none twice.
//
// COMMONWAGE_KILLS sets how often (12).

#include <signal.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/mutex.h"
#include "client/submission.h"
#include "crypto/sodium_random.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "tests/storage/discard/undo_log.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/made_population.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/submission_sender.h"

namespace commonwage {
namespace {

constexpr int kKillsByDefault = 12;
constexpr size_t kFramesPerKill = 3'000;

int KillsWanted() {
  const char* wanted = std::getenv("COMMONWAGE_KILLS");
  return wanted != nullptr ? std::atoi(wanted) : kKillsByDefault;
}

// Frames that were acknowledged, from many threads.
class Acknowledged {
 public:
  void Add(const std::string& frame) {
    const MutexLock lock(mutex_);
    frames_[frame.substr(48, Pseudonym::kSize)] = frame;
  }
  [[nodiscard]] absl::flat_hash_map<std::string, std::string> frames() {
    const MutexLock lock(mutex_);
    return frames_;
  }

 private:
  Mutex mutex_;
  absl::flat_hash_map<std::string, std::string> frames_ ABSL_GUARDED_BY(mutex_);
};

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    std::filesystem::create_directory(service_.File("undo"));
    service_.CreateRound({.plan_json = testing::SamplePlanJson()});
  }

  std::vector<std::string> Discarding(const std::string& synchronous) {
    return {"LD_PRELOAD=" COMMONWAGE_DISCARD_LIBRARY,
            "COMMONWAGE_DISCARD_DIR=" + service_.File("undo"),
            "COMMONWAGE_DISCARD_SYNCHRONOUS=" + synchronous};
  }

  std::vector<std::string> MakeFrames(const client::TrustedRound& round,
                                      uint64_t seed) {
    const client::SealingTerms terms =
        client::MakeSealingTerms(round.manifest, round.manifest_hash);
    const auto people = testing::MakePeople(kFramesPerKill);
    const auto answers =
        testing::MakePopulation(round.manifest.plan, kFramesPerKill, seed);
    crypto::SodiumRandom random;
    std::vector<std::string> frames;
    for (size_t i = 0; i < people.size(); ++i) {
      frames.push_back(client::BuildFrame(terms,
                                          people[i].KeyIn(round.manifest_hash),
                                          {}, answers[i], random)
                           .value());
    }
    return frames;
  }

  // Sends frames to a server that discards what it does not sync, and kills it
  // after `delay`. Its databases are `synchronous`: FULL, as it sets them, or
  // OFF instead.
  void KillUnderLoad(const std::string& synchronous, absl::Duration delay,
                     uint64_t seed) {
    service_.StartServer(Discarding(synchronous));
    service_.WaitUntilOpen();
    const auto round =
        testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_OK(round);
    const std::vector<std::string> frames = MakeFrames(*round, seed);
    testing::SubmissionSender::Options options;
    options.connect.server = service_.server();
    // The server will not come back while these calls wait for it.
    options.connect.call_deadline = absl::Seconds(1);
    {
      const auto sender = testing::SubmissionSender::Create(options);
      ASSERT_OK(sender);
      std::atomic<bool> killed = false;
      std::jthread killer([&] {
        absl::SleepFor(delay);
        service_.server_program().Signal(SIGKILL);
        killed = true;
      });
      for (const std::string& frame : frames) {
        if (killed) {
          break;
        }
        (*sender)->Submit(frame,
                          [&](const absl::StatusOr<v1::Receipt>& receipt) {
                            if (receipt.ok()) {
                              acknowledged_.Add(frame);
                            }
                          });
      }
    }
    EXPECT_EQ(service_.StopServer(SIGKILL), 128 + SIGKILL);
    ASSERT_OK(testing::RestoreUnsynced(service_.File("undo")));
  }

  // Returns how many acknowledged frames are missing from the export, and
  // checks that the file has no pseudonym twice.
  size_t CountMissing() {
    service_.CloseEarly();
    service_.ExportInbox();
    const std::string file =
        testing::FileContents(service_.File("round.inbox")).value();
    absl::flat_hash_map<std::string, std::string> missing =
        acknowledged_.frames();
    std::string last;
    for (size_t at = kInboxHeaderSize;
         at + kFrameSize + kInboxTrailerSize <= file.size(); at += kFrameSize) {
      const std::string frame = file.substr(at, kFrameSize);
      const std::string pseudonym = frame.substr(48, Pseudonym::kSize);
      EXPECT_LT(last, pseudonym);
      const auto found = missing.find(pseudonym);
      if (found != missing.end()) {
        EXPECT_EQ(found->second, frame);
        missing.erase(found);
      }
      last = pseudonym;
    }
    return missing.size();
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  Acknowledged acknowledged_;
};

TEST_F(KillTest, EveryAcknowledgedSubmissionIsThereAfterTheRestart) {
  testing::SeededRandom random(20);
  const int kills = KillsWanted();
  for (int i = 0; i < kills; ++i) {
    KillUnderLoad("FULL",
                  absl::Milliseconds(static_cast<int64_t>(random.Below(400))),
                  random.Next());
  }
  const size_t acknowledged = acknowledged_.frames().size();
  std::printf("  %d kills, %zu submissions acknowledged\n", kills,
              acknowledged);
  EXPECT_GT(acknowledged, static_cast<size_t>(kills));
  EXPECT_EQ(CountMissing(), 0U);
}

// The very server, with PRAGMA synchronous = OFF in all its databases: what it
// acknowledges is lost, and the test sees it.
TEST_F(KillTest, WithSynchronousOffTheSameTestFindsWhatIsLost) {
  // So that there is a database to go back to.
  KillUnderLoad("FULL", absl::Milliseconds(600), 2);
  const size_t safe = acknowledged_.frames().size();
  KillUnderLoad("OFF", absl::Milliseconds(600), 3);
  const size_t all = acknowledged_.frames().size();
  ASSERT_GT(safe, 0U);
  ASSERT_GT(all, safe);
  EXPECT_EQ(CountMissing(), all - safe);
}

}  // namespace
}  // namespace commonwage
