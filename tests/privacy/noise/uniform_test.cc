// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/uniform.h"

#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/noise/scripted_random.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::ScriptedRandom;
using commonwage::testing::SeededRandom;

// Every value of one byte, once.
std::vector<uint8_t> AllBytes() {
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<uint8_t>(i));
  }
  return bytes;
}

TEST(UniformTest, EveryValueComesFromEquallyManyBytes) {
  for (const uint64_t bound : {2U, 3U, 6U, 7U, 100U, 128U, 129U, 255U, 256U}) {
    ScriptedRandom source(AllBytes());
    RandomBuffer random(source);
    // How many of the 256 bytes are not rejected, if none is favoured.
    const uint64_t rounded = std::bit_ceil(bound);
    const uint64_t accepted = 256 / rounded * bound;
    std::map<uint64_t, int> seen;
    for (uint64_t i = 0; i < accepted; ++i) {
      ++seen[DrawBelow(bound, random)];
    }
    ASSERT_EQ(seen.size(), bound);
    for (const auto& [value, times] : seen) {
      EXPECT_LT(value, bound);
      EXPECT_EQ(times, static_cast<int>(256 / rounded)) << bound;
    }
  }
}

TEST(UniformTest, OneValueNeedsNoRandomness) {
  ScriptedRandom source({});
  RandomBuffer random(source);
  EXPECT_EQ(DrawBelow(1, random), 0U);
  EXPECT_EQ(DrawBelow128(1, random), Uint128{0});
  EXPECT_EQ(source.given(), 0U);
}

TEST(UniformTest, DrawsAgainInsteadOfTakingARemainder) {
  // 5 and 7 are not below 5; a remainder would give 0 and 2.
  ScriptedRandom source({5, 7, 0xf9, 3});
  RandomBuffer random(source);
  EXPECT_EQ(DrawBelow(5, random), 1U);  // 0xf9 keeps three bits.
  EXPECT_EQ(DrawBelow(5, random), 3U);
}

TEST(UniformTest, UsesAllBitsOfTheWidestBounds) {
  ScriptedRandom source(std::vector<uint8_t>(64, 0xff));
  RandomBuffer random(source);
  EXPECT_EQ(DrawBelow128(Uint128{1} << 64, random), ~uint64_t{0});
  EXPECT_EQ(DrawBelow128(Uint128{1} << 67, random), (Uint128{1} << 67) - 1);
  EXPECT_EQ(DrawBelow128(Uint128{1} << 127, random), (Uint128{1} << 127) - 1);
}

TEST(UniformTest, FillsWideBoundsEvenly) {
  // Thirds of a bound above 2^64. Chance that this fails for a fresh seed:
  // below 1e-9, six standard deviations.
  const Uint128 bound = Uint128{3} << 65;
  SeededRandom source(7);
  RandomBuffer random(source);
  constexpr int kDraws = 90000;
  std::vector<int> thirds(3, 0);
  for (int i = 0; i < kDraws; ++i) {
    const Uint128 drawn = DrawBelow128(bound, random);
    ASSERT_LT(drawn >> 65, Uint128{3});
    ++thirds[static_cast<size_t>(drawn >> 65)];
  }
  for (const int third : thirds) {
    EXPECT_NEAR(third, kDraws / 3, 6 * 142);
  }
}

}  // namespace
}  // namespace commonwage::privacy::noise
