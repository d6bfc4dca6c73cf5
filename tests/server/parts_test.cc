// SPDX-License-Identifier: Apache-2.0
// The small parts that the online roles share: cache, queue, periodic task.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "server/bounded_cache.h"
#include "server/disk_watch.h"
#include "server/periodic_task.h"
#include "server/work_queue.h"
#include "tests/testing/fake_clock.h"

namespace commonwage::server {
namespace {

using IntCache = BoundedCache<std::string, int>;

std::shared_ptr<const int> Value(int value) {
  return std::make_shared<const int>(value);
}

TEST(BoundedCacheTest, FindsWhatWasKept) {
  IntCache cache(100);
  EXPECT_EQ(cache.Find("a"), nullptr);
  cache.Insert("a", Value(1), 10);
  ASSERT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(*cache.Find("a"), 1);
}

TEST(BoundedCacheTest, LetsTheLongestUnusedGoFirst) {
  IntCache cache(40);
  for (const char* key : {"a", "b", "c", "d"}) {
    cache.Insert(key, Value(0), 10);
  }
  EXPECT_NE(cache.Find("a"), nullptr);
  cache.Insert("e", Value(0), 10);
  EXPECT_EQ(cache.Find("b"), nullptr);
  for (const char* key : {"a", "c", "d", "e"}) {
    EXPECT_NE(cache.Find(key), nullptr) << key;
  }
}

TEST(BoundedCacheTest, KeepsTheFirstOfTwoValues) {
  IntCache cache(40);
  cache.Insert("a", Value(1), 10);
  cache.Insert("a", Value(2), 10);
  EXPECT_EQ(*cache.Find("a"), 1);
}

TEST(BoundedCacheTest, DoesNotGiveItselfUpForOneLargeValue) {
  IntCache cache(40);
  cache.Insert("small", Value(1), 10);
  cache.Insert("large", Value(2), 11);
  EXPECT_EQ(cache.Find("large"), nullptr);
  EXPECT_NE(cache.Find("small"), nullptr);
}

TEST(BoundedCacheTest, StandsManyThreads) {
  IntCache cache(100);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 2000; ++i) {
        const int number = (i * 7 + t) % 30;
        const std::string key(1, static_cast<char>('a' + number));
        cache.Insert(key, Value(number), 10);
        const auto found = cache.Find(key);
        ASSERT_TRUE(found == nullptr || *found == number);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(WorkQueueTest, DoesWhatItTookBeforeItEnds) {
  std::atomic<int> done = 0;
  {
    WorkQueue queue(2, 100);
    for (int i = 0; i < 100; ++i) {
      // Some may be done already, so all fit.
      EXPECT_TRUE(queue.TryPush([&done] { ++done; }));
    }
  }
  EXPECT_EQ(done, 100);
}

TEST(WorkQueueTest, RefusesWhenTooMuchWaits) {
  std::promise<void> release;
  std::promise<void> started;
  WorkQueue queue(1, 2);
  EXPECT_TRUE(queue.TryPush([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(queue.TryPush([] {}));
  EXPECT_TRUE(queue.TryPush([] {}));
  EXPECT_FALSE(queue.TryPush([] {}));
  release.set_value();
}

TEST(PeriodicTaskTest, RunsAgainAndAgain) {
  std::promise<void> third;
  int runs = 0;
  const PeriodicTask task(absl::Milliseconds(1), [&] {
    if (++runs == 3) {
      third.set_value();
    }
  });
  third.get_future().wait();
}

TEST(PeriodicTaskTest, EndsAtOnceHoweverLongItsInterval) {
  bool ran = false;
  {
    const PeriodicTask task(absl::Hours(1), [&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST(DiskWatchTest, HasRoomWhileTheFileSystemDoes) {
  testing::FakeClock clock(absl::UnixEpoch());
  absl::StatusOr<uint64_t> free_bytes = kMinFreeBytes;
  DiskWatch disk([&] { return free_bytes; }, clock);
  EXPECT_TRUE(disk.HasRoom());
  free_bytes = kMinFreeBytes - 1;
  EXPECT_FALSE(disk.HasRoom());
  free_bytes = Refusal(Reason::kDiskFailed, "No.");
  EXPECT_TRUE(disk.HasRoom());
}

TEST(DiskWatchTest, BelievesAStoreThatTheDiskIsFullForAWhile) {
  testing::FakeClock clock(absl::UnixEpoch());
  DiskWatch disk([] { return uint64_t{1} << 40U; }, clock);
  disk.NoteFull();
  EXPECT_FALSE(disk.HasRoom());
  clock.Advance(kFullFor - absl::Seconds(1));
  EXPECT_FALSE(disk.HasRoom());
  clock.Advance(absl::Seconds(1));
  EXPECT_TRUE(disk.HasRoom());
}

TEST(DiskWatchTest, AsksTheSystemAboutARealDisk) {
  const absl::StatusOr<uint64_t> free_bytes = FreeBytesAt("/");
  ASSERT_TRUE(free_bytes.ok());
  EXPECT_GT(*free_bytes, 0U);
  EXPECT_FALSE(FreeBytesAt("/no/such/place").ok());
}

}  // namespace
}  // namespace commonwage::server
