// SPDX-License-Identifier: Apache-2.0
#include "storage/batch_worker.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/mutex.h"

namespace commonwage::storage {
namespace {

// Lets a worker's turn begin, and end only when the test says so.
class Turnstile {
 public:
  void Pass() {
    const MutexLock lock(mutex_);
    ++arrived_;
    changed_.NotifyAll();
    while (open_ < arrived_) {
      changed_.Wait(mutex_);
    }
  }
  void WaitForTurn(int turn) {
    const MutexLock lock(mutex_);
    while (arrived_ < turn) {
      changed_.Wait(mutex_);
    }
  }
  void Open(int turns) {
    const MutexLock lock(mutex_);
    open_ += turns;
    changed_.NotifyAll();
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int arrived_ = 0;
  int open_ = 0;
};

TEST(BatchWorkerTest, WhatArrivesDuringATurnSharesTheNextInItsOrder) {
  Turnstile turns;
  std::vector<std::vector<int>> batches;
  {
    BatchWorker<int> worker({.max_waiting = 100}, [&](std::vector<int> batch) {
      turns.Pass();
      batches.push_back(std::move(batch));
    });
    int item = 0;
    ASSERT_TRUE(worker.TryAdd(item));
    turns.WaitForTurn(1);
    EXPECT_FALSE(worker.AnyWaiting());
    for (item = 1; item < 5; ++item) {
      int copy = item;
      ASSERT_TRUE(worker.TryAdd(copy));
    }
    EXPECT_TRUE(worker.AnyWaiting());
    turns.Open(2);
  }
  const std::vector<std::vector<int>> expected = {{0}, {1, 2, 3, 4}};
  EXPECT_EQ(batches, expected);
}

TEST(BatchWorkerTest, LeavesAnItemAloneThatIsOneTooMany) {
  Turnstile turns;
  BatchWorker<std::vector<int>> worker(
      {.max_waiting = 1},
      [&](const std::vector<std::vector<int>>& /*batch*/) { turns.Pass(); });
  std::vector<int> first = {1};
  ASSERT_TRUE(worker.TryAdd(first));
  turns.WaitForTurn(1);
  std::vector<int> second = {2};
  ASSERT_TRUE(worker.TryAdd(second));
  std::vector<int> third = {3};
  EXPECT_FALSE(worker.TryAdd(third));
  EXPECT_EQ(third, std::vector<int>{3});
  turns.Open(2);
}

TEST(BatchWorkerTest, GivesBackWhatWaitsAndTakesNoMore) {
  Turnstile turns;
  std::vector<std::vector<int>> batches;
  {
    BatchWorker<int> worker({.max_waiting = 100}, [&](std::vector<int> batch) {
      turns.Pass();
      batches.push_back(std::move(batch));
    });
    int item = 1;
    ASSERT_TRUE(worker.TryAdd(item));
    turns.WaitForTurn(1);
    item = 2;
    ASSERT_TRUE(worker.TryAdd(item));
    EXPECT_EQ(worker.GiveUp(), std::vector<int>{2});
    EXPECT_FALSE(worker.TryAdd(item));
    turns.Open(1);
  }
  EXPECT_EQ(batches, std::vector<std::vector<int>>{{1}});
}

TEST(BatchWorkerTest, InACrowdATurnWaitsForOthers) {
  // Long enough for the test to fail were it not ended by the destructor.
  const absl::Duration forever = absl::Hours(24);
  Turnstile turns;
  std::vector<size_t> sizes;
  {
    BatchWorker<int> worker({.max_waiting = 100, .gather = forever},
                            [&](std::vector<int> batch) {
                              turns.Pass();
                              sizes.push_back(batch.size());
                            });
    int item = 0;
    ASSERT_TRUE(worker.TryAdd(item));
    turns.WaitForTurn(1);
    for (size_t i = 0; i < kCrowd; ++i) {
      ASSERT_TRUE(worker.TryAdd(item));
    }
    // One alone did not make the crowd wait.
    turns.Open(1);
    turns.WaitForTurn(2);
    ASSERT_TRUE(worker.TryAdd(item));
    turns.Open(2);
  }
  EXPECT_EQ(sizes, (std::vector<size_t>{1, kCrowd, 1}));
}

TEST(BatchWorkerTest, EveryItemOfManyThreadsIsWorkedOffOnce) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  int64_t sum = 0;
  size_t count = 0;
  {
    BatchWorker<int> worker({.max_waiting = size_t{kThreads} * kEach,
                             .gather = absl::Microseconds(50)},
                            [&](const std::vector<int>& batch) {
                              sum = std::accumulate(batch.begin(), batch.end(),
                                                    sum);
                              count += batch.size();
                            });
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&worker, thread] {
        for (int i = 0; i < kEach; ++i) {
          int item = thread * kEach + i;
          EXPECT_TRUE(worker.TryAdd(item));
        }
      });
    }
  }
  constexpr int64_t kAll = int64_t{kThreads} * kEach;
  EXPECT_EQ(count, static_cast<size_t>(kAll));
  EXPECT_EQ(sum, kAll * (kAll - 1) / 2);
}

}  // namespace
}  // namespace commonwage::storage
