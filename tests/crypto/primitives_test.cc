// SPDX-License-Identifier: Apache-2.0
// What HPKE is made of, against published vectors and through the functions
// that HPKE calls.

#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/internal/aead.h"
#include "crypto/internal/hkdf.h"
#include "crypto/internal/octets.h"
#include "crypto/internal/x25519.h"
#include "crypto/opening/aead_open.h"
#include "tests/crypto/json_vectors.h"
#include "tests/testing/shared_files.h"

namespace commonwage::crypto {
namespace {

std::optional<std::string> Hkdf(absl::string_view salt,
                                absl::string_view material,
                                absl::string_view info, size_t size) {
  Wiped<kHkdfHashSize> key;
  HkdfExtract(salt, {{material}}, key);
  std::string out(size, '\0');
  if (!HkdfExpand(key.view(), {{info}},
                  absl::MakeSpan(Octets(out), out.size()))) {
    return std::nullopt;
  }
  return out;
}

TEST(HkdfTest, AgreesWithRfc5869) {
  // Appendix A.1.
  EXPECT_EQ(
      Hkdf(HexToBytes("000102030405060708090a0b0c"), std::string(22, '\x0b'),
           HexToBytes("f0f1f2f3f4f5f6f7f8f9"), 42),
      HexToBytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4"
                 "c5bf34007208d5b887185865"));
}

TEST(HkdfTest, GivesAsMuchAsTheStandardAllowsAndNoByteMore) {
  std::vector<uint8_t> out(kHkdfMaxOutput + 1, 0);
  EXPECT_FALSE(HkdfExpand("key", {{"info"}}, absl::MakeSpan(out)));
  EXPECT_EQ(out, std::vector<uint8_t>(kHkdfMaxOutput + 1, 0));
  out.pop_back();
  EXPECT_TRUE(HkdfExpand("key", {{"info"}}, absl::MakeSpan(out)));
}

TEST(HkdfTest, TakesItsInputInParts) {
  Wiped<kHkdfHashSize> whole;
  Wiped<kHkdfHashSize> parts;
  HkdfExtract("salt", {{"material"}}, whole);
  HkdfExtract("salt", {{"mat", "", "erial"}}, parts);
  EXPECT_EQ(whole.view(), parts.view());
}

TEST(HkdfTest, AgreesWithWycheproof) {
  const std::string name = "vectors/wycheproof_hkdf_sha256.json";
  const std::optional<std::string> json = testing::SharedFile(name);
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT(name);
  }
  const size_t count = ForEachWycheproof(
      *json, [](const JsonObject& /*group*/, const JsonObject& test) {
        const std::optional<std::string> out =
            Hkdf(test.Bytes("salt"), test.Bytes("ikm"), test.Bytes("info"),
                 static_cast<size_t>(test.Number("size")));
        EXPECT_EQ(out.has_value(), test.Text("result") == "valid")
            << test.Number("tcId");
        EXPECT_EQ(out.value_or(""), test.Bytes("okm")) << test.Number("tcId");
      });
  EXPECT_EQ(count, 86U);
}

TEST(X25519Test, AgreesWithRfc7748) {
  // Section 6.1: Bob's keys, Alice's public key, what they share.
  const std::string bob = HexToBytes(
      "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  const std::optional<SealingKey> alice = SealingKey::From(HexToBytes(
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
  ASSERT_TRUE(alice.has_value());
  EXPECT_EQ(absl::BytesToHexString(
                X25519PublicKey(Octets(absl::string_view(bob))).view()),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  Wiped<32> shared;
  ASSERT_TRUE(X25519(Octets(absl::string_view(bob)), *alice, shared));
  EXPECT_EQ(absl::BytesToHexString(shared.view()),
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST(X25519Test, AgreesWithWycheproofAndRefusesLowOrder) {
  const std::string name = "vectors/wycheproof_x25519.json";
  const std::optional<std::string> json = testing::SharedFile(name);
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT(name);
  }
  size_t refused = 0;
  const size_t count = ForEachWycheproof(*json, [&](const JsonObject& /*group*/,
                                                    const JsonObject& test) {
    const std::string scalar = test.Bytes("private");
    Wiped<32> shared;
    const bool usable = X25519(Octets(absl::string_view(scalar)),
                               *SealingKey::From(test.Bytes("public")), shared);
    EXPECT_EQ(usable, !test.HasFlag("ZeroSharedSecret")) << test.Number("tcId");
    if (usable) {
      EXPECT_EQ(shared.view(), test.Bytes("shared")) << test.Number("tcId");
    }
    refused += usable ? 0 : 1;
  });
  EXPECT_EQ(count, 518U);
  EXPECT_EQ(refused, 31U);
}

TEST(AeadTest, AgreesWithWycheproof) {
  const std::string name = "vectors/wycheproof_chacha20_poly1305.json";
  const std::optional<std::string> json = testing::SharedFile(name);
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT(name);
  }
  size_t of_our_nonce_length = 0;
  const size_t count = ForEachWycheproof(*json, [&](const JsonObject& group,
                                                    const JsonObject& test) {
    const bool valid = test.Text("result") == "valid";
    // Our type cannot hold a nonce of another length.
    if (group.Number("ivSize") != 8 * static_cast<int>(Wiped<12>::kSize)) {
      EXPECT_FALSE(valid) << test.Number("tcId");
      return;
    }
    ++of_our_nonce_length;
    const std::string key_bytes = test.Bytes("key");
    const std::string nonce = test.Bytes("iv");
    MessageKey key;
    std::copy(key_bytes.begin(), key_bytes.end(), key.key.data());
    std::copy(nonce.begin(), nonce.end(), key.nonce.data());
    const std::string aad = test.Bytes("aad");
    const std::string ciphertext = test.Bytes("ct") + test.Bytes("tag");
    const std::optional<std::string> opened =
        opening::AeadOpen(key, aad, ciphertext);
    EXPECT_EQ(opened.has_value(), valid) << test.Number("tcId");
    if (valid) {
      EXPECT_EQ(*opened, test.Bytes("msg")) << test.Number("tcId");
      EXPECT_EQ(AeadSeal(key, aad, *opened), ciphertext) << test.Number("tcId");
    }
  });
  EXPECT_EQ(count, 325U);
  EXPECT_GT(of_our_nonce_length, 250U);
}

}  // namespace
}  // namespace commonwage::crypto
