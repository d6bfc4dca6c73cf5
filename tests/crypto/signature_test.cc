// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/crypto/json_vectors.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"

namespace commonwage::crypto {
namespace {

SigningKey KeyOfHex(absl::string_view hex) {
  return SigningKey::FromSeed(*Secret<32>::From(HexToBytes(hex)));
}

VerifyKey PointOfHex(absl::string_view hex) {
  return *VerifyKey::From(HexToBytes(hex));
}

TEST(SignatureTest, AgreesWithRfc8032) {
  // Section 7.1, TEST 3.
  const SigningKey key = KeyOfHex(
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
  EXPECT_EQ(absl::BytesToHexString(key.verify_key().view()),
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  const std::string message = HexToBytes("af82");
  const Signature signature = key.Sign("", message);
  EXPECT_EQ(absl::BytesToHexString(signature.view()),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
  EXPECT_TRUE(Verify(key.verify_key(), "", message, signature));
}

TEST(SignatureTest, CoversTheLabel) {
  testing::SeededRandom random(1);
  const SigningKey key = SigningKey::Generate(random);
  const Signature signature = key.Sign("label", "message");
  EXPECT_TRUE(Verify(key.verify_key(), "label", "message", signature));
  EXPECT_FALSE(Verify(key.verify_key(), "lebal", "message", signature));
  EXPECT_FALSE(Verify(key.verify_key(), "label", "massage", signature));
  EXPECT_FALSE(Verify(key.verify_key(), "", "message", signature));
  // The label is in front of the message and nothing is between.
  EXPECT_EQ(key.Sign("", "labelmessage"), signature);
}

TEST(SignatureTest, SignsAnyLength) {
  testing::SeededRandom random(2);
  const SigningKey key = SigningKey::Generate(random);
  // Around the length where the message moves from the stack to the heap.
  for (const size_t size : {0U, 1U, 960U, 1274U, 1275U, 1276U, 100000U}) {
    std::string message(size, 'w');
    const Signature signature = key.Sign("label", message);
    EXPECT_EQ(signature, key.Sign("", "label" + message)) << size;
    EXPECT_TRUE(Verify(key.verify_key(), "label", message, signature)) << size;
    message.append("w");
    EXPECT_FALSE(Verify(key.verify_key(), "label", message, signature)) << size;
  }
}

TEST(SignatureTest, IsBrokenByEveryFlippedBit) {
  testing::SeededRandom random(3);
  const SigningKey key = SigningKey::Generate(random);
  const Signature signature = key.Sign("label", "message");
  for (size_t bit = 0; bit < 8 * Signature::kSize; ++bit) {
    Signature altered = signature;
    altered.data()[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(Verify(key.verify_key(), "label", "message", altered)) << bit;
  }
  for (size_t bit = 0; bit < 8 * VerifyKey::kSize; ++bit) {
    VerifyKey altered = key.verify_key();
    altered.data()[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(Verify(altered, "label", "message", signature)) << bit;
  }
}

TEST(SignatureTest, ComesBackFromItsSeed) {
  testing::SeededRandom random(4);
  const SigningKey key = SigningKey::Generate(random);
  testing::SeededRandom same(4);
  const SigningKey again = SigningKey::FromSeed(Secret<32>::Random(same));
  EXPECT_EQ(again.verify_key(), key.verify_key());
  EXPECT_EQ(again.Sign("label", "message"), key.Sign("label", "message"));
}

// With a key of low order, one signature fits every message: R = the point at
// infinity or the key itself, S = 0.
TEST(SignatureTest, RefusesKeysOfLowOrder) {
  for (const char* hex :
       {"0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"}) {
    Signature signature;
    signature.data()[0] = 1;
    for (char byte = 0; byte < 64; ++byte) {
      EXPECT_FALSE(
          Verify(PointOfHex(hex), "label", std::string(1, byte), signature))
          << hex;
    }
  }
}

// p + 1, which is another spelling of y = 1, and larger numbers.
TEST(SignatureTest, RefusesPointsThatAreNotCanonical) {
  Signature signature;
  signature.data()[0] = 1;
  for (const char* hex :
       {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    for (char byte = 0; byte < 64; ++byte) {
      EXPECT_FALSE(
          Verify(PointOfHex(hex), "label", std::string(1, byte), signature))
          << hex;
    }
  }
}

TEST(SignatureTest, HasNoSecondForm) {
  testing::SeededRandom random(5);
  const SigningKey key = SigningKey::Generate(random);
  Signature signature = key.Sign("label", "message");
  // S + L, the order of the group, satisfies the equation just as well.
  constexpr std::array<uint8_t, 32> kOrder = {
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
      0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  unsigned carry = 0;
  for (size_t i = 0; i < kOrder.size(); ++i) {
    carry += unsigned{signature.data()[32 + i]} + kOrder.at(i);
    signature.data()[32 + i] = static_cast<uint8_t>(carry);
    carry >>= 8U;
  }
  EXPECT_FALSE(Verify(key.verify_key(), "label", "message", signature));
}

TEST(SignatureTest, AgreesWithWycheproof) {
  const std::string name = "vectors/wycheproof_ed25519.json";
  const std::optional<std::string> json = testing::SharedFile(name);
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT(name);
  }
  const size_t count = ForEachWycheproof(
      *json, [](const JsonObject& group, const JsonObject& test) {
        const std::optional<VerifyKey> key =
            VerifyKey::From(group.Object("publicKey").Bytes("pk"));
        ASSERT_TRUE(key.has_value());
        const std::optional<Signature> signature =
            Signature::From(test.Bytes("sig"));
        const bool valid = signature.has_value() &&
                           Verify(*key, "", test.Bytes("msg"), *signature);
        EXPECT_EQ(valid, test.Text("result") == "valid")
            << test.Number("tcId") << " " << test.Text("comment");
      });
  EXPECT_EQ(count, 151U);
}

}  // namespace
}  // namespace commonwage::crypto
