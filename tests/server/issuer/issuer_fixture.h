// SPDX-License-Identifier: Apache-2.0
// A union office on disk, and what a member's device sends to it.

#ifndef COMMONWAGE_TESTS_SERVER_ISSUER_ISSUER_FIXTURE_H_
#define COMMONWAGE_TESTS_SERVER_ISSUER_ISSUER_FIXTURE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "crypto/blind/blind_rsa.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "server/issuer/issuer.h"
#include "server/issuer/issuer_store.h"
#include "storage/members/member_roll.h"
#include "survey/domain_labels.h"
#include "survey/enrolment_request.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::issuer {

inline constexpr char kRound[] = "couriers.2026-q1";

// An office with three members and the key of one round.
class IssuerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    ASSERT_OK(crypto::CreateKeyFile(kek(), random_));
    auto store = IssuerStore::Create(directory_.File("issuer"), kek(), random_);
    ASSERT_OK(store);
    store_ = *std::move(store);
    ASSERT_OK(store_->roll().AddMembers({"m1", "m2", "m3"}));
    codes_ = DrawCodes({"m1", "m2", "m3"});
    const auto der = store_->CreateIssuingKey(kRound, random_);
    ASSERT_OK(der);
    key_.emplace(crypto::BlindRsaPublicKey::FromDer(*der).value());
    issuer_ = std::make_unique<Issuer>(*store_, clock_);
  }

  std::vector<std::string> DrawCodes(
      const std::vector<std::string>& references) {
    EXPECT_OK(
        store_->DrawCodes(references, storage::OldCode::kReplaced, random_));
    std::vector<std::string> codes;
    for (const std::string& reference : references) {
      codes.push_back(KeptCodeOf(reference));
    }
    return codes;
  }

  // The code of a member who has not used it yet, or "".
  std::string KeptCodeOf(const std::string& reference) {
    const std::vector<LetterCode> kept =
        store_->KeptCodes([](absl::string_view) { return true; }).value();
    for (const LetterCode& code : kept) {
      if (code.reference == reference) {
        return code.code;
      }
    }
    return "";
  }

  static EnrolmentRequest WithChecksum(EnrolmentRequest made) {
    made.checksum = std::string(
        crypto::Sha256(kRequestChecksumLabel, ChecksummedBytes(made)).view());
    return made;
  }

  crypto::BlindRsaRequest Blind(const std::string& message) {
    return crypto::BlindRsaRequest::Blind(*key_, message, random_).value();
  }

  CredentialRequest Ask(const std::string& code, const std::string& blinded) {
    EnrolmentRequest made;
    made.round_id = kRound;
    made.issuer_key_digest =
        std::string(crypto::Sha256(kIssuerKeyDigestLabel, key_->der()).view());
    made.blinded_message = blinded;
    return {code, WithChecksum(made)};
  }

  std::string kek() const { return directory_.File("kek"); }

  testing::TempDirectory directory_;
  crypto::SodiumRandom random_;
  testing::FakeClock clock_{absl::FromUnixSeconds(1'000'000)};
  std::unique_ptr<IssuerStore> store_;
  std::vector<std::string> codes_;
  std::optional<crypto::BlindRsaPublicKey> key_;
  std::unique_ptr<Issuer> issuer_;
};

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_TESTS_SERVER_ISSUER_ISSUER_FIXTURE_H_
