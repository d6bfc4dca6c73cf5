// SPDX-License-Identifier: Apache-2.0
#include "crypto/hpke.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/internal/aead.h"
#include "crypto/internal/hpke_schedule.h"
#include "crypto/internal/octets.h"
#include "crypto/internal/x25519.h"
#include "crypto/opening/opening_key.h"
#include "tests/crypto/fixed_random.h"
#include "tests/crypto/json_vectors.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::crypto {
namespace {

using opening::Open;
using opening::OpeningKey;
using testing::HasReason;
using testing::SeededRandom;
using testing::StatusIs;

std::string Hex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

OpeningKey KeyOf(absl::string_view bytes) {
  return OpeningKey::FromSecret(*Secret<32>::From(bytes));
}

// One sealed answer as a round has them.
class HpkeTest : public ::testing::Test {
 protected:
  HpkeTest()
      : random_(1),
        key_(OpeningKey::Generate(random_)),
        sealed_(*Seal(key_.public_key(), kInfo, kAad, kPlaintext, random_)) {}

  [[nodiscard]] absl::StatusOr<std::string> OpenAltered(
      absl::string_view enc, absl::string_view info, absl::string_view aad,
      absl::string_view ciphertext) const {
    return Open(key_, enc, info, aad, ciphertext);
  }

  static constexpr char kInfo[] = "label and manifest hash";
  static constexpr char kAad[] = "header and credential";
  static constexpr char kPlaintext[] = "a wage";

  SeededRandom random_;
  OpeningKey key_;
  Sealed sealed_;
};

TEST_F(HpkeTest, OpensWhatWasSealed) {
  EXPECT_EQ(sealed_.enc.size(), kEncapsulationSize);
  EXPECT_EQ(sealed_.ciphertext.size(), sizeof kPlaintext - 1 + kSealOverhead);
  const absl::StatusOr<std::string> opened =
      Open(key_, sealed_.enc, kInfo, kAad, sealed_.ciphertext);
  ASSERT_OK(opened);
  EXPECT_EQ(*opened, kPlaintext);
}

TEST_F(HpkeTest, SealsTheSameWageDifferentlyEveryTime) {
  const Sealed again =
      *Seal(key_.public_key(), kInfo, kAad, kPlaintext, random_);
  EXPECT_NE(again.enc, sealed_.enc);
  EXPECT_NE(again.ciphertext, sealed_.ciphertext);
}

TEST_F(HpkeTest, SealsAnEmptyPlaintext) {
  const Sealed empty = *Seal(key_.public_key(), "", "", "", random_);
  const absl::StatusOr<std::string> opened =
      Open(key_, empty.enc, "", "", empty.ciphertext);
  ASSERT_OK(opened);
  EXPECT_EQ(*opened, "");
}

TEST_F(HpkeTest, DrawsExactly32Bytes) {
  FixedRandom random(std::string(33, 's'));
  ASSERT_OK(Seal(key_.public_key(), kInfo, kAad, kPlaintext, random));
  EXPECT_EQ(random.left(), 1U);
}

TEST_F(HpkeTest, RefusesEveryFlippedBit) {
  for (size_t bit = 0; bit < 8 * sealed_.enc.size(); ++bit) {
    std::string enc = sealed_.enc;
    enc[bit / 8] = static_cast<char>(enc[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(OpenAltered(enc, kInfo, kAad, sealed_.ciphertext),
                HasReason(Reason::kSealBroken))
        << bit;
  }
  for (size_t bit = 0; bit < 8 * sealed_.ciphertext.size(); ++bit) {
    std::string ciphertext = sealed_.ciphertext;
    ciphertext[bit / 8] =
        static_cast<char>(ciphertext[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(OpenAltered(sealed_.enc, kInfo, kAad, ciphertext),
                HasReason(Reason::kSealBroken))
        << bit;
  }
}

TEST_F(HpkeTest, RefusesWhatIsCutShortOrProlonged) {
  for (size_t size = 0; size < sealed_.ciphertext.size(); ++size) {
    EXPECT_THAT(OpenAltered(sealed_.enc, kInfo, kAad,
                            sealed_.ciphertext.substr(0, size)),
                HasReason(Reason::kSealBroken));
  }
  EXPECT_THAT(OpenAltered(sealed_.enc, kInfo, kAad, sealed_.ciphertext + "x"),
              HasReason(Reason::kSealBroken));
  EXPECT_THAT(
      OpenAltered(sealed_.enc.substr(1), kInfo, kAad, sealed_.ciphertext),
      HasReason(Reason::kSealBroken));
  EXPECT_THAT(OpenAltered("", kInfo, kAad, sealed_.ciphertext),
              HasReason(Reason::kSealBroken));
}

TEST_F(HpkeTest, RefusesOtherRulesAnotherHeaderAndAnotherKey) {
  EXPECT_THAT(OpenAltered(sealed_.enc, "other rules", kAad, sealed_.ciphertext),
              HasReason(Reason::kSealBroken));
  EXPECT_THAT(
      OpenAltered(sealed_.enc, kInfo, "other header", sealed_.ciphertext),
      HasReason(Reason::kSealBroken));
  EXPECT_THAT(OpenAltered(sealed_.enc, kAad, kInfo, sealed_.ciphertext),
              HasReason(Reason::kSealBroken));
  const OpeningKey other = OpeningKey::Generate(random_);
  EXPECT_THAT(Open(other, sealed_.enc, kInfo, kAad, sealed_.ciphertext),
              HasReason(Reason::kSealBroken));
}

TEST_F(HpkeTest, SaysTheSameWhateverWasWrong) {
  const absl::Status altered =
      OpenAltered(sealed_.enc, kInfo, "x", sealed_.ciphertext).status();
  EXPECT_THAT(altered, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(altered, OpenAltered("", kInfo, kAad, "").status());
  EXPECT_EQ(altered,
            OpenAltered(std::string(32, '\0'), kInfo, kAad, sealed_.ciphertext)
                .status());
}

// The points of order 1, 2, 4 and 8, and spellings of them that are not
// canonical (RFC 7748, section 7; Wycheproof).
TEST_F(HpkeTest, RefusesPointsOfLowOrderAtBothEnds) {
  for (const char* hex :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080"}) {
    const std::string point = HexToBytes(hex);
    EXPECT_THAT(
        Seal(*SealingKey::From(point), kInfo, kAad, kPlaintext, random_),
        HasReason(Reason::kSealingKeyUnusable))
        << hex;
    EXPECT_THAT(OpenAltered(point, kInfo, kAad, sealed_.ciphertext),
                HasReason(Reason::kSealBroken))
        << hex;
  }
}

// With such a point the shared secret is known to everybody: whoever seals to
// it needs no key, and what opens must not open.
TEST_F(HpkeTest, RefusesWhatWasSealedWithAPointOfLowOrder) {
  const std::string enc(32, '\0');
  Wiped<32> dh;
  Wiped<32> shared;
  ExtractSharedSecret(dh, enc, key_.public_key(), shared);
  MessageKey message_key;
  ScheduleMessageKey(shared, kInfo, message_key);
  EXPECT_THAT(
      OpenAltered(enc, kInfo, kAad, AeadSeal(message_key, kAad, kPlaintext)),
      HasReason(Reason::kSealBroken));
}

TEST_F(HpkeTest, AKeyComesBackFromItsSecret) {
  const OpeningKey again = OpeningKey::FromSecret(key_.Expose());
  EXPECT_EQ(again.public_key(), key_.public_key());
  ASSERT_OK(Open(again, sealed_.enc, kInfo, kAad, sealed_.ciphertext));
}

// RFC 9180, appendix A.2.1: the first message.
TEST(HpkeVectorTest, AgreesWithRfc9180) {
  const OpeningKey key = KeyOf(HexToBytes(
      "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"));
  EXPECT_EQ(Hex(key.public_key().view()),
            "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
  FixedRandom random(HexToBytes(
      "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"));
  const absl::StatusOr<Sealed> sealed =
      Seal(key.public_key(), "Ode on a Grecian Urn", "Count-0",
           "Beauty is truth, truth beauty", random);
  ASSERT_OK(sealed);
  EXPECT_EQ(Hex(sealed->enc),
            "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
  EXPECT_EQ(Hex(sealed->ciphertext),
            "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db"
            "21993c62ce81883d2dd1b51a28");
  EXPECT_EQ(random.left(), 0U);
}

// The nonce of the `sequence`-th message: RFC 9180, section 5.2.
void CountUp(int sequence, Wiped<12>& nonce) {
  nonce.data()[11] ^= static_cast<uint8_t>(sequence);
  nonce.data()[10] ^= static_cast<uint8_t>(sequence >> 8);
}

void CheckMessages(const JsonObject& vector) {
  Wiped<32> shared;
  const std::string secret = vector.Bytes("shared_secret");
  std::copy(secret.begin(), secret.end(), shared.data());
  vector.ForEach("encryptions", [&](const JsonObject& message) {
    MessageKey key;
    ScheduleMessageKey(shared, vector.Bytes("info"), key);
    EXPECT_EQ(Hex(key.key.view()), vector.Text("key"));
    EXPECT_EQ(Hex(key.nonce.view()), vector.Text("base_nonce"));
    CountUp(message.Number("seq"), key.nonce);
    EXPECT_EQ(Hex(key.nonce.view()), message.Text("nonce"));
    EXPECT_EQ(Hex(AeadSeal(key, message.Bytes("aad"), message.Bytes("pt"))),
              message.Text("ct"));
    if (message.Number("seq") != 0) {
      return;
    }
    FixedRandom random(vector.Bytes("skEm"));
    const absl::StatusOr<Sealed> sealed =
        Seal(*SealingKey::From(vector.Bytes("pkRm")), vector.Bytes("info"),
             message.Bytes("aad"), message.Bytes("pt"), random);
    ASSERT_OK(sealed);
    EXPECT_EQ(Hex(sealed->enc), vector.Text("enc"));
    EXPECT_EQ(Hex(sealed->ciphertext), message.Text("ct"));
    const absl::StatusOr<std::string> opened =
        Open(KeyOf(vector.Bytes("skRm")), vector.Bytes("enc"),
             vector.Bytes("info"), message.Bytes("aad"), message.Bytes("ct"));
    ASSERT_OK(opened);
    EXPECT_EQ(*opened, message.Bytes("pt"));
  });
}

// Modes other than base are not ours, but 0 (base) and 1 (pre-shared key) share
// the encapsulation, so its secret is checked for both.
TEST(HpkeVectorTest, AgreesWithTheWholeFileOfVectors) {
  const std::string name = "vectors/hpke.json";
  const std::optional<std::string> json = testing::SharedFile(name);
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT(name);
  }
  int encapsulations = 0;
  int suites = 0;
  ParseVectors(*json).ForEach("vectors", [&](const JsonObject& vector) {
    if (vector.Number("mode") > 1) {
      return;
    }
    ++encapsulations;
    const SealingKey receiver = *SealingKey::From(vector.Bytes("pkRm"));
    const std::string one_time = vector.Bytes("skEm");
    EXPECT_EQ(KeyOf(vector.Bytes("skRm")).public_key(), receiver);
    Wiped<32> dh;
    ASSERT_TRUE(X25519(Octets(absl::string_view(one_time)), receiver, dh));
    Wiped<32> shared;
    ExtractSharedSecret(dh, vector.Bytes("enc"), receiver, shared);
    EXPECT_EQ(Hex(shared.view()), vector.Text("shared_secret"));
    if (vector.Number("mode") == 0 && vector.Number("aead_id") == 3) {
      ++suites;
      CheckMessages(vector);
    }
  });
  EXPECT_EQ(encapsulations, 3);
  EXPECT_EQ(suites, 1);
}

}  // namespace
}  // namespace commonwage::crypto
