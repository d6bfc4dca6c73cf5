// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/random_buffer.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/noise/scripted_random.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::ScriptedRandom;
using commonwage::testing::SeededRandom;

TEST(RandomBufferTest, GivesOutEveryByteOnceInOrder) {
  std::vector<uint8_t> bytes(10000);
  SeededRandom(1).Fill(absl::MakeSpan(bytes));
  ScriptedRandom source(bytes);
  RandomBuffer buffer(source);
  for (size_t i = 0; i < 4096; ++i) {
    ASSERT_EQ(buffer.TakeBytes(1), bytes[i]) << i;
  }
  // The next bytes come from the next fetch.
  EXPECT_EQ(source.given(), 4096U);
  EXPECT_EQ(buffer.TakeBytes(1), bytes[4096]);
  EXPECT_EQ(source.given(), 8192U);
}

TEST(RandomBufferTest, MakesIntegersOfAsManyBytesAsAsked) {
  ScriptedRandom source({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  RandomBuffer buffer(source);
  EXPECT_EQ(buffer.TakeBytes(0), 0U);
  EXPECT_EQ(buffer.TakeBytes(1), 0x01U);
  EXPECT_EQ(buffer.TakeBytes(2), 0x0302U);
  EXPECT_EQ(buffer.TakeBytes(3), 0x060504U);
  EXPECT_EQ(buffer.TakeBytes(8), 0x0e0d0c0b0a090807U);
  EXPECT_EQ(buffer.TakeBytes(7), 0x0fU);
}

TEST(RandomBufferTest, DiscardsARestThatIsTooShortInsteadOfReadingPastIt) {
  std::vector<uint8_t> bytes(8192, 0);
  std::fill(bytes.begin(), bytes.begin() + 4096, uint8_t{0xaa});
  ScriptedRandom source(bytes);
  RandomBuffer buffer(source);
  for (int i = 0; i < 4093; ++i) {
    buffer.TakeBytes(1);
  }
  EXPECT_EQ(buffer.TakeBytes(8), 0U);
}

TEST(RandomBufferTest, FetchesNothingBeforeItIsAsked) {
  ScriptedRandom source({});
  const RandomBuffer buffer(source);
  EXPECT_EQ(source.given(), 0U);
}

TEST(RandomBufferTest, CannotBeCopiedOrMoved) {
  EXPECT_FALSE(std::is_copy_constructible_v<RandomBuffer>);
  EXPECT_FALSE(std::is_move_constructible_v<RandomBuffer>);
  EXPECT_FALSE(std::is_copy_assignable_v<RandomBuffer>);
  EXPECT_FALSE(std::is_move_assignable_v<RandomBuffer>);
}

TEST(RandomBufferTest, LeavesNoByteBehind) {
  ScriptedRandom source(std::vector<uint8_t>(4096, 0xa5));
  // Storage of our own, so that it can be looked at afterwards.
  const auto storage =
      std::make_unique<std::array<std::byte, sizeof(RandomBuffer) + 64>>();
  void* place = storage->data();
  size_t space = storage->size();
  place = std::align(alignof(RandomBuffer), sizeof(RandomBuffer), place, space);
  auto* buffer = new (place) RandomBuffer(source);
  EXPECT_EQ(buffer->TakeBytes(1), 0xa5U);
  const auto planted = [&storage] {
    return std::count(storage->begin(), storage->end(), std::byte{0xa5});
  };
  EXPECT_GE(planted(), 4096);
  buffer->~RandomBuffer();
  EXPECT_LT(planted(), 16);
}

}  // namespace
}  // namespace commonwage::privacy::noise
