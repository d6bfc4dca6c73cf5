// SPDX-License-Identifier: Apache-2.0
#include "artefacts/signers.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/fingerprint.h"
#include "crypto/sodium_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::artefacts {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;

constexpr absl::string_view kLabel = "label";

class SignersTest : public ::testing::Test {
 protected:
  SignersTest() {
    *signatures_.Add() = SignWith(a_, kLabel, "text");
    *signatures_.Add() = SignWith(b_, kLabel, "text");
  }

  [[nodiscard]] std::vector<crypto::VerifyKey> Signers() const {
    return VerifySigners(signatures_, kLabel, "text");
  }

  crypto::SodiumRandom random_;
  const crypto::SigningKey a_ = crypto::SigningKey::Generate(random_);
  const crypto::SigningKey b_ = crypto::SigningKey::Generate(random_);
  Signatures signatures_;
};

TEST_F(SignersTest, AllWhoSignedAreNamedInOrder) {
  EXPECT_THAT(Signers(), ElementsAre(a_.verify_key(), b_.verify_key()));
  EXPECT_TRUE(IsAmong(Signers(), b_.verify_key()));
  EXPECT_OK(CheckSigners(signatures_, kLabel, "text"));
}

TEST_F(SignersTest, OneBadSignatureIsEnoughForNobody) {
  for (const int bad : {0, 1}) {
    Signatures mixed = signatures_;
    mixed[bad].mutable_signature()->front() ^= 1;
    EXPECT_THAT(VerifySigners(mixed, kLabel, "text"), IsEmpty());
    EXPECT_THAT(CheckSigners(mixed, kLabel, "text"),
                HasReason(Reason::kStewardSignatureRefused));
    // A key or a signature that is none is as bad.
    mixed = signatures_;
    mixed[bad].mutable_signature()->pop_back();
    EXPECT_THAT(VerifySigners(mixed, kLabel, "text"), IsEmpty());
    mixed = signatures_;
    mixed[bad].mutable_verify_key()->push_back('x');
    EXPECT_THAT(VerifySigners(mixed, kLabel, "text"), IsEmpty());
    // So is one for another purpose, or of another text.
    mixed = signatures_;
    mixed[bad] = SignWith(b_, "another", "text");
    EXPECT_THAT(VerifySigners(mixed, kLabel, "text"), IsEmpty());
    mixed[bad] = SignWith(b_, kLabel, "another");
    EXPECT_THAT(VerifySigners(mixed, kLabel, "text"), IsEmpty());
  }
}

TEST_F(SignersTest, WhatNobodySignedIsNobodys) {
  signatures_.Clear();
  EXPECT_THAT(Signers(), IsEmpty());
  EXPECT_THAT(CheckSigners(signatures_, kLabel, "text"),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(SignersTest, WhoSignedBothIsAmongTheSignersOfBoth) {
  EXPECT_THAT(SignersOfBoth(Signers(), {b_.verify_key()}),
              ElementsAre(b_.verify_key()));
  EXPECT_THAT(SignersOfBoth({a_.verify_key()}, {b_.verify_key()}), IsEmpty());
}

TEST_F(SignersTest, AFingerprintFindsItsSigner) {
  const auto found =
      FindSigner(Signers(), crypto::FingerprintWords(b_.verify_key()));
  ASSERT_OK(found);
  EXPECT_EQ(*found, b_.verify_key());
  const auto other = crypto::SigningKey::Generate(random_);
  const auto none =
      FindSigner(Signers(), crypto::Fingerprint(other.verify_key()));
  ASSERT_OK(none);
  EXPECT_FALSE(none->has_value());
  EXPECT_THAT(FindSigner(Signers(), "not a fingerprint"),
              HasReason(Reason::kFingerprintMalformed));
}

}  // namespace
}  // namespace commonwage::artefacts
