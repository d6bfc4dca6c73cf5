// SPDX-License-Identifier: Apache-2.0
#include "crypto/derive.h"

#include <array>
#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "crypto/derived_random.h"

namespace commonwage::crypto {
namespace {

Secret<32> CountingSeed() {
  Secret<32> seed;
  for (size_t i = 0; i < seed.size(); ++i) {
    seed.ExposeForWriting()[i] = static_cast<uint8_t>(i);
  }
  return seed;
}

std::string Draw(DerivedRandom& random, size_t size) {
  std::string bytes(size, '\0');
  random.Fill(
      absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
  return bytes;
}

TEST(DeriveTest, IsKeyedBlake2bOfLabelZeroAndContext) {
  // Computed with another implementation (Python's hashlib).
  EXPECT_EQ(absl::BytesToHexString(
                Derive(CountingSeed(), "commonwage/test/label", "context")
                    .ExposeText()),
            "fe4aa49e123069e4948d06692da167e9dd805c83feb907fd59c51ddcfb771d5d");
}

TEST(DeriveTest, ADigestIsTheSameBytes) {
  EXPECT_EQ(KeyedDigest(CountingSeed(), "label", "context").view(),
            Derive(CountingSeed(), "label", "context").ExposeText());
}

TEST(DeriveTest, TellsEveryPairOfLabelAndContextApart) {
  std::set<std::string> keys;
  for (const char* label : {"a", "ab", "b"}) {
    for (const char* context : {"", "c", "bc"}) {
      keys.insert(
          std::string(Derive(CountingSeed(), label, context).ExposeText()));
    }
  }
  keys.insert(std::string(Derive(Secret<32>(), "a", "").ExposeText()));
  EXPECT_EQ(keys.size(), 10U);
}

TEST(DeriveDeathTest, AbortsOnALabelThatWouldMakePairsTheSame) {
  EXPECT_DEATH((void)Derive(CountingSeed(), std::string("a\0b", 3), ""),
               "check failed");
}

TEST(DerivedRandomTest, GivesTheSameBytesForTheSameSeed) {
  DerivedRandom first(CountingSeed());
  DerivedRandom second(CountingSeed());
  EXPECT_EQ(Draw(first, 48), Draw(second, 48));
  EXPECT_EQ(Draw(first, 256), Draw(second, 256));
}

TEST(DerivedRandomTest, NeverRepeatsItselfNorFollowsAnotherSeed) {
  DerivedRandom random(CountingSeed());
  DerivedRandom other{Secret<32>()};
  const std::string first = Draw(random, 32);
  EXPECT_NE(first, Draw(random, 32));
  EXPECT_NE(first, Draw(other, 32));
}

}  // namespace
}  // namespace commonwage::crypto
