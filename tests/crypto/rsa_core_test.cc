// SPDX-License-Identifier: Apache-2.0
// The arithmetic of RFC 9474 against its vectors, for other lengths than ours
// too, and what it refuses.

#include "crypto/blind/rsa_core.h"

#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/blind/blind_signing_core.h"
#include "tests/crypto/fixed_random.h"
#include "tests/crypto/json_vectors.h"
#include "tests/crypto/rfc9474_vector.h"
#include "tests/crypto/rsa_keys.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::crypto {
namespace {

using testing::HasReason;
using testing::StatusIs;

// One vector, with its bytes as they are and its numbers in hexadecimal.
struct Vector {
  RsaNumbers key;
  std::string message;
  std::string salt;
  std::string inverse;
  std::string encoded;
  std::string blinded;
  std::string blind_signature;
  std::string signature;
};

Vector QuotedVector() {
  return {.key = {.n = kModulus,
                  .d = kPrivateExponent,
                  .p = kFactorP,
                  .q = kFactorQ},
          .message = HexToBytes(kMessage),
          .salt = "",
          .inverse = HexToBytes(kInverse),
          .encoded = HexToBytes(kEncodedMessage),
          .blinded = HexToBytes(kBlindedMessage),
          .blind_signature = HexToBytes(kBlindSignature),
          .signature = HexToBytes(kFinalSignature)};
}

Vector VectorOf(const JsonObject& json) {
  return {.key = {.n = json.Text("n"),
                  .e = json.Text("e"),
                  .d = json.Text("d"),
                  .p = json.Text("p"),
                  .q = json.Text("q")},
          .message = json.Bytes("msg"),
          .salt = json.Bytes("salt"),
          .inverse = json.Bytes("inv"),
          .encoded = json.Bytes("encoded_msg"),
          .blinded = json.Bytes("blinded_msg"),
          .blind_signature = json.Bytes("blind_sig"),
          .signature = json.Bytes("sig")};
}

std::shared_ptr<const RsaCore> CoreOf(const EVP_PKEY& key) {
  return RsaCore::FromDer(PublicDer(key));
}

void CheckEveryStep(const Vector& vector) {
  const Pkey key = KeyOfNumbers(vector.key);
  const std::shared_ptr<const RsaCore> core = CoreOf(*key);
  ASSERT_NE(core, nullptr);
  const absl::StatusOr<std::string> encoded =
      core->EncodePss(vector.message, vector.salt);
  ASSERT_OK(encoded);
  EXPECT_EQ(*encoded, vector.encoded);
  // The vectors give the inverse; its inverse is the blinding factor.
  const SecretBytes inverse = SecretBytes::From(vector.inverse);
  const absl::StatusOr<SecretBytes> factor = core->Invert(inverse);
  ASSERT_OK(factor);
  const absl::StatusOr<RsaCore::Blinded> blinded =
      core->Blind(*encoded, *factor);
  ASSERT_OK(blinded);
  EXPECT_EQ(blinded->message, vector.blinded);
  EXPECT_TRUE(blinded->inverse.Equals(inverse));
  const absl::StatusOr<std::string> blind_signature =
      SignBlinded(*key, *core, vector.blinded);
  ASSERT_OK(blind_signature);
  EXPECT_EQ(*blind_signature, vector.blind_signature);
  const absl::StatusOr<std::string> signature =
      core->Unblind(*blind_signature, blinded->inverse);
  ASSERT_OK(signature);
  EXPECT_EQ(*signature, vector.signature);
  EXPECT_TRUE(core->VerifyPss(vector.message, *signature, vector.salt.size()));
  EXPECT_FALSE(
      core->VerifyPss(vector.message, *signature, vector.salt.size() + 1));
  EXPECT_FALSE(
      core->VerifyPss(vector.message + "x", *signature, vector.salt.size()));
}

TEST(RsaCoreTest, AgreesWithTheQuotedVectorOfRfc9474) {
  CheckEveryStep(QuotedVector());
}

TEST(RsaCoreTest, AgreesWithTheWholeFileOfVectors) {
  const std::string name = "vectors/rfc9474_blindrsa.json";
  const std::optional<std::string> json = testing::SharedFile(name);
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT(name);
  }
  int count = 0;
  ParseVectors(*json).ForEach("vectors", [&](const JsonObject& vector) {
    CheckEveryStep(VectorOf(vector));
    ++count;
  });
  EXPECT_EQ(count, 2);
}

// In a modulus of 2,049 bits the encoded message is a byte shorter; in one of
// 2,047 a bit is cut off its front.
TEST(RsaCoreTest, WorksForModuliThatAreNoWholeNumberOfBytes) {
  for (const int bits : {1023, 1025, 1032}) {
    const Pkey key = GenerateKey(bits, 65537);
    const std::shared_ptr<const RsaCore> core = CoreOf(*key);
    ASSERT_NE(core, nullptr);
    ASSERT_EQ(core->modulus_bits(), bits);
    const std::string salt(48, 's');
    const std::string encoded = *core->EncodePss("message", salt);
    const SecretBytes factor = SecretBytes::From(
        std::string(core->size() - 1, '\x2b').insert(0, "\0", 1));
    const RsaCore::Blinded blinded = *core->Blind(encoded, factor);
    const std::string signature = *core->Unblind(
        *SignBlinded(*key, *core, blinded.message), blinded.inverse);
    EXPECT_TRUE(core->VerifyPss("message", signature, salt.size())) << bits;
  }
}

TEST(RsaCoreTest, RefusesASaltThatDoesNotFit) {
  const std::shared_ptr<const RsaCore> core =
      CoreOf(*KeyOfNumbers({.n = kModulus}));
  EXPECT_OK(core->EncodePss("message", std::string(206, 's')));
  EXPECT_THAT(core->EncodePss("message", std::string(207, 's')),
              StatusIs(absl::StatusCode::kInternal));
}

TEST(RsaCoreTest, DrawsAgainUntilTheFactorIsBelowTheModulus) {
  const std::shared_ptr<const RsaCore> core =
      CoreOf(*KeyOfNumbers({.n = kModulus}));
  // Too large, the modulus itself, zero; then one that is right.
  FixedRandom random(std::string(256, '\xff') + HexToBytes(kModulus) +
                     std::string(256, '\0') + std::string(256, '\x17'));
  const absl::StatusOr<SecretBytes> factor = core->DrawFactor(random);
  ASSERT_OK(factor);
  EXPECT_EQ(factor->ExposeText(), std::string(256, '\x17'));
  EXPECT_EQ(random.left(), 0U);
}

TEST(RsaCoreTest, GivesUpOnARandomSourceThatIsNone) {
  const std::shared_ptr<const RsaCore> core =
      CoreOf(*KeyOfNumbers({.n = kModulus}));
  FixedRandom random(std::string(size_t{256} * 256, '\xff'));
  EXPECT_THAT(core->DrawFactor(random), StatusIs(absl::StatusCode::kInternal));
}

TEST(RsaCoreTest, RefusesAFactorThatHasNoInverse) {
  const std::shared_ptr<const RsaCore> core =
      CoreOf(*KeyOfNumbers({.n = kModulus}));
  EXPECT_THAT(core->Invert(SecretBytes(256)),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(core->Invert(SecretBytes::From(HexToBytes(kFactorP))),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(RsaCoreTest, RefusesToHideAMessageThatSharesAFactorWithTheModulus) {
  const std::shared_ptr<const RsaCore> core =
      CoreOf(*KeyOfNumbers({.n = kModulus}));
  EXPECT_THAT(core->Blind(HexToBytes(kFactorP),
                          SecretBytes::From(std::string(256, '\x17'))),
              StatusIs(absl::StatusCode::kInternal));
}

TEST(RsaCoreTest, ReadsOneEncodingOnly) {
  const std::string der = PublicDer(*KeyOfNumbers({.n = kModulus}));
  ASSERT_NE(RsaCore::FromDer(der), nullptr);
  EXPECT_EQ(RsaCore::FromDer(""), nullptr);
  EXPECT_EQ(RsaCore::FromDer("no DER at all"), nullptr);
  EXPECT_EQ(RsaCore::FromDer(der + std::string(1, '\0')), nullptr);
  for (size_t size = 0; size < der.size(); size += 7) {
    EXPECT_EQ(RsaCore::FromDer(der.substr(0, size)), nullptr);
  }
  // Left in the queue, this would fail a TLS connection of the same thread.
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(RsaCoreTest, RefusesAnEvenModulus) {
  std::string even = kModulus;
  even.back() = '8';
  EXPECT_EQ(CoreOf(*KeyOfNumbers({.n = even})), nullptr);
}

// The largest odd multiple of `factor` that is not above the vector's modulus.
std::string MultipleOf(BN_ULONG factor) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, kModulus);
  const Bn owner(number);
  BN_sub_word(number, BN_mod_word(number, factor));
  if (BN_is_odd(number) == 0) {
    BN_sub_word(number, factor);
  }
  char* const hex = BN_bn2hex(number);
  std::string result = hex;
  OPENSSL_free(hex);
  return result;
}

TEST(RsaCoreTest, FindsSmallFactors) {
  EXPECT_FALSE(CoreOf(*KeyOfNumbers({.n = kModulus}))->HasSmallFactor());
  for (const BN_ULONG factor : {3U, 5U, 257U, 8191U, 32749U, 65521U}) {
    EXPECT_TRUE(
        CoreOf(*KeyOfNumbers({.n = MultipleOf(factor)}))->HasSmallFactor())
        << factor;
  }
}

TEST(SignBlindedTest, RefusesWhatIsNotBelowTheModulus) {
  const Vector vector = QuotedVector();
  const Pkey key = KeyOfNumbers(vector.key);
  const std::shared_ptr<const RsaCore> core = CoreOf(*key);
  const std::string modulus = HexToBytes(kModulus);
  for (const std::string& blinded :
       {modulus, std::string(256, '\xff'), std::string(), std::string(255, 'x'),
        std::string(257, '\0'), modulus + "x",
        std::string(1, '\0') + modulus}) {
    const absl::StatusOr<std::string> signature =
        SignBlinded(*key, *core, blinded);
    EXPECT_THAT(signature, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(signature, HasReason(Reason::kBlindedMessageMalformed));
  }
  std::string largest = modulus;
  largest.back() = static_cast<char>(largest.back() - 1);
  EXPECT_OK(SignBlinded(*key, *core, largest));
}

// A private operation that went wrong: here because the exponent is.
TEST(SignBlindedTest, LetsNothingOutThatDoesNotVerify) {
  Vector vector = QuotedVector();
  const std::shared_ptr<const RsaCore> core =
      CoreOf(*KeyOfNumbers({.n = kModulus}));
  vector.key.d.back() = '5';
  const Pkey faulty = KeyOfNumbers(vector.key);
  const absl::StatusOr<std::string> signature =
      SignBlinded(*faulty, *core, vector.blinded);
  EXPECT_THAT(signature, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(signature, HasReason(Reason::kSigningFailed));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace commonwage::crypto
