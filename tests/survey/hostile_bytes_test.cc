// SPDX-License-Identifier: Apache-2.0
// Every parser of bytes from outside against truncated, flipped, spliced and
// random bytes: a clean error or a value, never a crash. The random bytes are
// seeded.
//
// COMMONWAGE_FUZZ_SECONDS makes it go on for so long with each parser, with
// new bytes in every run.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "tests/fuzz/parsers.h"
#include "tests/testing/seeded_random.h"

namespace commonwage {
namespace {

using testing::FuzzedParser;
using testing::SeededRandom;

constexpr uint64_t kTries = 20'000;
constexpr uint64_t kTriesIfSlow = 4000;

std::string RandomBytes(SeededRandom& random, size_t most) {
  std::string bytes(random.Below(most + 1), '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(random.Below(256));
  }
  return bytes;
}

// Returns `bytes` after one change of a kind that files and networks, or
// people who mean harm, make.
std::string Damaged(std::string bytes, SeededRandom& random) {
  const size_t at = random.Below(bytes.size());
  const size_t length = 1 + random.Below(16);
  switch (random.Below(5)) {
    case 0:
      return bytes.substr(0, at);
    case 1:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.Below(8)));
      return bytes;
    case 2:
      return bytes.erase(at, length);
    case 3:
      return bytes.insert(at, bytes.substr(random.Below(bytes.size()), length));
    default:
      return bytes.replace(at, length, RandomBytes(random, 16));
  }
}

// Runs the parser on `tries` damaged copies of good bytes and on random bytes.
// Returns how many it refused.
uint64_t Attack(const FuzzedParser& parser, uint64_t tries,
                SeededRandom& random) {
  uint64_t refused = 0;
  for (uint64_t i = 0; i < tries; ++i) {
    std::string bytes = Damaged(parser.good, random);
    while (random.Below(3) == 0 && !bytes.empty()) {
      bytes = Damaged(std::move(bytes), random);
    }
    if (i % 7 == 0) {
      bytes = RandomBytes(random, 2000);
    }
    const absl::Status status = parser.parse(bytes);
    EXPECT_TRUE(testing::IsCleanOutcome(status)) << status;
    refused += status.ok() ? uint64_t{0} : uint64_t{1};
  }
  return refused;
}

// For how long to go on with each parser.
absl::Duration TimeWanted() {
  const char* wanted = std::getenv("COMMONWAGE_FUZZ_SECONDS");
  return absl::Seconds(wanted != nullptr ? std::atoi(wanted) : 0);
}

TEST(HostileBytesTest, EveryParserRefusesThemCleanly) {
  for (const FuzzedParser& parser : testing::FuzzedParsers()) {
    SCOPED_TRACE(parser.name);
    ASSERT_TRUE(parser.parse(parser.good).ok());
    const uint64_t tries = parser.is_slow ? kTriesIfSlow : kTries;
    uint64_t seed = 2026;
    const absl::Time end = absl::Now() + TimeWanted();
    do {
      SCOPED_TRACE(seed);
      SeededRandom random(seed);
      EXPECT_GT(Attack(parser, tries, random), tries / 8);
      seed = static_cast<uint64_t>(absl::GetCurrentTimeNanos());
    } while (absl::Now() < end && !HasFailure());
  }
}

}  // namespace
}  // namespace commonwage
