// SPDX-License-Identifier: Apache-2.0
// How fast submissions are opened and counted, beside bare HPKE opens on the
// same two threads in the same run. Not a test. Argument: how many submissions.

#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "base/check.h"
#include "crypto/opening/opening_key.h"
#include "server/steward/publication.h"
#include "tests/server/steward/vault_round.h"

namespace commonwage {
namespace {

constexpr size_t kThreads = 2;
constexpr size_t kDefaultCount = 20'000;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

// The floor: every seal opened, nothing checked or counted.
double TimeBareOpens(testing::VaultRound& round,
                     const std::vector<std::string>& frames) {
  const auto key = crypto::opening::OpeningKey::FromSecret(
      *round.vault().OpeningKeyOf("couriers.2026-q1"));
  const std::string info = absl::StrCat(kSealLabel, round.hash().view());
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::jthread> threads;
  for (size_t first = 0; first < kThreads; ++first) {
    threads.emplace_back([&, first] {
      for (size_t i = first; i < frames.size(); i += kThreads) {
        const auto view = FrameView::Parse(frames[i]);
        COMMONWAGE_CHECK(crypto::opening::Open(key, view->enc(), info,
                                               view->aad(), view->ciphertext())
                             .ok());
      }
    });
  }
  threads.clear();
  return SecondsSince(start);
}

int Run(size_t count) {
  testing::VaultRound round;
  const std::vector<std::string> frames = round.Frames(count);
  const std::string inbox = round.Inbox(frames);
  const double bare = TimeBareOpens(round, frames);
  const auto start = std::chrono::steady_clock::now();
  COMMONWAGE_CHECK(
      round.Publish(inbox, {.workers = kThreads, .progress = {}}).ok());
  const double published = SecondsSince(start);
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto total = static_cast<double>(count);
  std::cout << absl::StreamFormat(
      "bare HPKE opens  %8.0f /s\n"
      "publish          %8.0f /s, %.2f of it\n"
      "peak memory      %8d MB, of which %d MB are the submissions\n",
      total / bare, total / published, bare / published, usage.ru_maxrss / 1024,
      2 * count * kFrameSize >> 20U);
  return 0;
}

}  // namespace
}  // namespace commonwage

int main(int argc, char** argv) {
  return commonwage::Run(argc > 1 ? std::strtoul(argv[1], nullptr, 10)
                                  : commonwage::kDefaultCount);
}
