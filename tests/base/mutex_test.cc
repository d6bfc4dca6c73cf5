// SPDX-License-Identifier: Apache-2.0
#include "base/mutex.h"

#include <thread>

#include <gtest/gtest.h>

namespace commonwage {
namespace {

TEST(MutexTest, KeepsTwoThreadsApart) {
  Mutex mutex;
  int count = 0;
  const auto add = [&] {
    for (int i = 0; i < 20'000; ++i) {
      const MutexLock lock(mutex);
      ++count;
    }
  };
  std::jthread other(add);
  add();
  other.join();
  EXPECT_EQ(count, 40'000);
}

TEST(MutexTest, AWaiterSeesWhatWasDoneBeforeItWasNotified) {
  Mutex mutex;
  CondVar changed;
  bool done = false;
  std::jthread other([&] {
    const MutexLock lock(mutex);
    done = true;
    changed.NotifyAll();
  });
  const MutexLock lock(mutex);
  while (!done) {
    changed.Wait(mutex);
  }
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace commonwage
