// SPDX-License-Identifier: Apache-2.0
#include "crypto/blind/blind_rsa.h"

#include <array>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/blind/blind_rsa_key.h"
#include "crypto/derived_random.h"
#include "tests/crypto/rfc9474_vector.h"
#include "tests/crypto/rsa_keys.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::crypto {
namespace {

using testing::HasReason;
using testing::SeededRandom;
using testing::StatusIs;

constexpr char kVoice[] = "label, manifest hash, pseudonym";

BlindRsaPrivateKey VectorKey() {
  const std::string der = PrivateDer(*KeyOfNumbers(
      {.n = kModulus, .d = kPrivateExponent, .p = kFactorP, .q = kFactorQ}));
  return *BlindRsaPrivateKey::FromDer(SecretBytes::From(der));
}

// An issuer and a member.
class BlindRsaTest : public ::testing::Test {
 protected:
  BlindRsaTest()
      : issuer_(VectorKey()),
        public_key_(*BlindRsaPublicKey::FromDer(issuer_.public_key_der())),
        random_(1) {}

  [[nodiscard]] BlindRsaRequest Request(absl::string_view message) {
    return *BlindRsaRequest::Blind(public_key_, message, random_);
  }

  [[nodiscard]] std::string Credential(absl::string_view message) {
    const BlindRsaRequest request = Request(message);
    return *request.Finalize(*issuer_.BlindSign(request.blinded_message()));
  }

  BlindRsaPrivateKey issuer_;
  BlindRsaPublicKey public_key_;
  SeededRandom random_;
};

TEST_F(BlindRsaTest, TheIssuerSignsWhatItDoesNotSee) {
  const BlindRsaRequest request = Request(kVoice);
  EXPECT_EQ(request.blinded_message().size(), kBlindRsaSize);
  const absl::StatusOr<std::string> answer =
      issuer_.BlindSign(request.blinded_message());
  ASSERT_OK(answer);
  const absl::StatusOr<std::string> credential = request.Finalize(*answer);
  ASSERT_OK(credential);
  EXPECT_EQ(credential->size(), kBlindRsaSize);
  EXPECT_TRUE(public_key_.Verify(kVoice, *credential));
  EXPECT_FALSE(public_key_.Verify("another voice", *credential));
  EXPECT_NE(*answer, *credential);
}

TEST_F(BlindRsaTest, ARequestCanBeMadeAgainFromItsSeed) {
  DerivedRandom first(Secret<32>::Random(random_));
  SeededRandom same(1);
  DerivedRandom second(Secret<32>::Random(same));
  const BlindRsaRequest request =
      *BlindRsaRequest::Blind(public_key_, kVoice, first);
  const BlindRsaRequest again =
      *BlindRsaRequest::Blind(public_key_, kVoice, second);
  EXPECT_EQ(request.blinded_message(), again.blinded_message());
  // The issuer's answer to the one finishes the other.
  EXPECT_OK(again.Finalize(*issuer_.BlindSign(request.blinded_message())));
}

TEST_F(BlindRsaTest, TheSameRequestGetsTheSameAnswer) {
  const BlindRsaRequest request = Request(kVoice);
  EXPECT_EQ(*issuer_.BlindSign(request.blinded_message()),
            *issuer_.BlindSign(request.blinded_message()));
}

TEST_F(BlindRsaTest, TwoRequestsForOneMessageHaveNothingInCommon) {
  EXPECT_NE(Request(kVoice).blinded_message(),
            Request(kVoice).blinded_message());
}

// Blinding cancels out: what makes them differ is the salt.
TEST_F(BlindRsaTest, TwoCredentialsForOneMessageHaveNothingInCommon) {
  EXPECT_NE(Credential(kVoice), Credential(kVoice));
}

TEST_F(BlindRsaTest, ACredentialIsBrokenByEveryFlippedBit) {
  const std::string credential = Credential(kVoice);
  for (size_t bit = 0; bit < 8 * credential.size(); ++bit) {
    std::string altered = credential;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(public_key_.Verify(kVoice, altered)) << bit;
  }
  EXPECT_FALSE(public_key_.Verify(kVoice, ""));
  EXPECT_FALSE(public_key_.Verify(kVoice, std::string(256, '\0')));
  EXPECT_FALSE(public_key_.Verify(kVoice, credential.substr(1)));
  EXPECT_FALSE(public_key_.Verify(kVoice, credential + "x"));
}

// The credential plus the modulus is the same number to a careless verifier.
TEST_F(BlindRsaTest, ACredentialHasNoSecondForm) {
  const std::string modulus = HexToBytes(kModulus);
  int with_room = 0;
  for (int i = 0; i < 12; ++i) {
    const std::string message = "voice " + std::to_string(i);
    std::string sum = Credential(message);
    unsigned carry = 0;
    for (size_t at = sum.size(); at-- > 0;) {
      carry += unsigned{static_cast<uint8_t>(sum[at])} +
               unsigned{static_cast<uint8_t>(modulus[at])};
      sum[at] = static_cast<char>(carry);
      carry >>= 8U;
    }
    with_room += carry == 0 ? 1 : 0;
    EXPECT_FALSE(public_key_.Verify(message, sum));
  }
  EXPECT_GT(with_room, 0);
}

TEST_F(BlindRsaTest, RefusesAnAnswerThatIsNotToThisRequest) {
  const BlindRsaRequest request = Request(kVoice);
  const BlindRsaRequest other = Request(kVoice);
  const std::string answer = *issuer_.BlindSign(request.blinded_message());
  for (const std::string& wrong :
       {*issuer_.BlindSign(other.blinded_message()), std::string(),
        answer.substr(1), answer + "x", std::string(256, '\xff'),
        std::string(256, '\0'), request.blinded_message(),
        HexToBytes(kModulus)}) {
    const absl::StatusOr<std::string> credential = request.Finalize(wrong);
    EXPECT_THAT(credential, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(credential, HasReason(Reason::kBlindSignatureRefused));
  }
  EXPECT_OK(request.Finalize(answer));
}

TEST_F(BlindRsaTest, RefusesAnotherIssuersAnswer) {
  const BlindRsaPrivateKey other = *BlindRsaPrivateKey::Generate();
  const BlindRsaRequest request = Request(kVoice);
  const absl::StatusOr<std::string> answer =
      other.BlindSign(request.blinded_message());
  // One request in a few is too large for the other's modulus.
  if (answer.ok()) {
    EXPECT_THAT(request.Finalize(*answer),
                HasReason(Reason::kBlindSignatureRefused));
  }
  EXPECT_FALSE(BlindRsaPublicKey::FromDer(other.public_key_der())
                   ->Verify(kVoice, Credential(kVoice)));
}

TEST_F(BlindRsaTest, DoesNotTakeASaltOfAnotherLength) {
  // The vector's signature has no salt; ours have one of 48 bytes.
  EXPECT_FALSE(
      public_key_.Verify(HexToBytes(kMessage), HexToBytes(kFinalSignature)));
}

TEST_F(BlindRsaTest, WorksInManyThreadsAtOnce) {
  constexpr size_t kThreads = 4;
  std::array<int, kThreads> verified{};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([this, i, &verified] {
      SeededRandom random(i);
      for (int round = 0; round < 5; ++round) {
        const BlindRsaRequest request =
            *BlindRsaRequest::Blind(public_key_, kVoice, random);
        const std::string credential =
            *request.Finalize(*issuer_.BlindSign(request.blinded_message()));
        verified.at(i) += public_key_.Verify(kVoice, credential) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(verified, ::testing::Each(5));
}

TEST(BlindRsaPublicKeyTest, RemembersItsEncoding) {
  const std::string der = PublicDer(*KeyOfNumbers({.n = kModulus}));
  EXPECT_EQ(BlindRsaPublicKey::FromDer(der)->der(), der);
}

TEST(BlindRsaPublicKeyTest, RefusesEveryOtherKindOfKey) {
  std::string small_factor = kModulus;
  // The vector's modulus, reduced to a multiple of three; still odd.
  small_factor.replace(small_factor.size() - 2, 2, "07");
  const PkeyContext pss(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr));
  EVP_PKEY* pss_key = nullptr;
  ASSERT_EQ(EVP_PKEY_keygen_init(pss.get()), 1);
  ASSERT_EQ(EVP_PKEY_generate(pss.get(), &pss_key), 1);
  const Pkey owner(pss_key);
  const Pkey curve(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  for (const std::string& der :
       {PublicDer(*GenerateKey(1024, 65537)),
        PublicDer(*GenerateKey(2047, 65537)),
        PublicDer(*GenerateKey(2056, 65537)), PublicDer(*GenerateKey(2048, 3)),
        PublicDer(*GenerateKey(2048, 65539)), PublicDer(*pss_key),
        PublicDer(*curve), PublicDer(*KeyOfNumbers({.n = small_factor})),
        std::string(), std::string("no DER")}) {
    const absl::StatusOr<BlindRsaPublicKey> key =
        BlindRsaPublicKey::FromDer(der);
    EXPECT_THAT(key, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(key, HasReason(Reason::kIssuerKeyUnusable));
  }
}

TEST(BlindRsaPrivateKeyTest, IsMadeStoredAndReadBack) {
  const absl::StatusOr<BlindRsaPrivateKey> key = BlindRsaPrivateKey::Generate();
  ASSERT_OK(key);
  const absl::StatusOr<SecretBytes> der = key->Serialize();
  ASSERT_OK(der);
  const absl::StatusOr<BlindRsaPrivateKey> again =
      BlindRsaPrivateKey::FromDer(*der);
  ASSERT_OK(again);
  EXPECT_EQ(again->public_key_der(), key->public_key_der());
  EXPECT_OK(BlindRsaPublicKey::FromDer(key->public_key_der()));
  const std::string blinded(256, '\x17');
  EXPECT_EQ(*again->BlindSign(blinded), *key->BlindSign(blinded));
}

TEST(BlindRsaPrivateKeyTest, NoTwoAreTheSame) {
  EXPECT_NE(BlindRsaPrivateKey::Generate()->public_key_der(),
            BlindRsaPrivateKey::Generate()->public_key_der());
}

TEST(BlindRsaPrivateKeyTest, RefusesKeysThatAreNotOurs) {
  RsaNumbers unsound = {
      .n = kModulus, .d = kPrivateExponent, .p = kFactorP, .q = kFactorQ};
  unsound.d.back() = '5';
  for (const std::string& der :
       {std::string(), std::string("no DER"),
        PrivateDer(*GenerateKey(1024, 65537)),
        PrivateDer(*GenerateKey(3072, 65537)),
        PrivateDer(*GenerateKey(2048, 3)), PrivateDer(*KeyOfNumbers(unsound)),
        PrivateDer(*Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"))),
        PublicDer(*KeyOfNumbers({.n = kModulus}))}) {
    EXPECT_THAT(BlindRsaPrivateKey::FromDer(SecretBytes::From(der)),
                HasReason(Reason::kIssuerKeyUnusable));
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace commonwage::crypto
