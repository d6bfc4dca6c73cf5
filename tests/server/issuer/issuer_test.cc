// SPDX-License-Identifier: Apache-2.0
// Promise 4: one member, one voice, no name.
#include "server/issuer/issuer.h"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/sodium_random.h"
#include "server/issuer/issuer_store.h"
#include "storage/members/member_roll.h"
#include "survey/enrolment_code.h"
#include "survey/enrolment_request.h"
#include "tests/server/issuer/issuer_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(IssuerTest, AMembersCodeBuysOneCredentialThatVerifies) {
  const auto request = Blind("pseudonym");
  const auto signature =
      issuer_->IssueCredential(Ask(codes_[0], request.blinded_message()), "c");
  ASSERT_OK(signature);
  const auto credential = request.Finalize(*signature);
  ASSERT_OK(credential);
  EXPECT_TRUE(key_->Verify("pseudonym", *credential));
  EXPECT_FALSE(key_->Verify("another", *credential));
}

TEST_F(IssuerTest, TheSameRequestGetsTheSameAnswerAndAnotherOneIsRefused) {
  const auto request = Blind("pseudonym");
  const auto first =
      issuer_->IssueCredential(Ask(codes_[0], request.blinded_message()), "c");
  ASSERT_OK(first);
  EXPECT_EQ(
      issuer_->IssueCredential(Ask(codes_[0], request.blinded_message()), "d")
          .value(),
      *first);
  EXPECT_THAT(issuer_->IssueCredential(
                  Ask(codes_[0], Blind("other").blinded_message()), "c"),
              HasReason(Reason::kCredentialAlreadyIssued));
  // A new code for the same member is no second voice.
  EXPECT_THAT(issuer_->IssueCredential(Ask(DrawCodes({"m1"}).front(),
                                           Blind("other").blinded_message()),
                                       "c"),
              HasReason(Reason::kCredentialAlreadyIssued));
}

TEST_F(IssuerTest, UnknownRemovedAndReplacedCodesAreAllRefusedAlike) {
  ASSERT_OK(store_->roll().RemoveMember("m2"));
  DrawCodes({"m3"});
  const std::string unknown = FormatEnrolmentCode(DrawEnrolmentCode(random_));
  const std::string blinded = Blind("pseudonym").blinded_message();
  std::vector<absl::Status> refusals;
  for (const std::string& code : {unknown, codes_[1], codes_[2]}) {
    refusals.push_back(
        issuer_->IssueCredential(Ask(code, blinded), code).status());
    EXPECT_THAT(refusals.back(), HasReason(Reason::kCodeRefused));
    EXPECT_EQ(refusals.back(), refusals.front());
  }
}

TEST_F(IssuerTest, GuessingIsCutOffBeforeTheCodeIsLookedAt) {
  const std::string blinded = Blind("pseudonym").blinded_message();
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(
        issuer_->IssueCredential(
            Ask(FormatEnrolmentCode(DrawEnrolmentCode(random_)), blinded), "c"),
        HasReason(Reason::kCodeRefused));
  }
  // Right or wrong, the answer is the same now.
  EXPECT_THAT(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"),
              HasReason(Reason::kTooManyAttempts));
  EXPECT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "other"));
}

TEST_F(IssuerTest, BadRequestsAreNamedAndUseNothingUp) {
  const std::string blinded = Blind("pseudonym").blinded_message();
  CredentialRequest request = Ask(codes_[0], blinded);
  request.made.round_id = "couriers.2026-q2";
  EXPECT_THAT(issuer_->IssueCredential(request, "c"),
              HasReason(Reason::kUnknownRound));
  request = Ask(codes_[0], blinded);
  request.made.issuer_key_digest[5] ^= 1;
  request.made = WithChecksum(request.made);
  EXPECT_THAT(issuer_->IssueCredential(request, "c"),
              HasReason(Reason::kIssuerKeyDiffers));
  EXPECT_THAT(issuer_->IssueCredential(Ask(codes_[0], blinded + "x"), "c"),
              HasReason(Reason::kRequestMalformed));
  EXPECT_THAT(
      issuer_->IssueCredential(Ask(codes_[0], std::string(256, '\xff')), "c"),
      HasReason(Reason::kBlindedMessageMalformed));
  std::string mistyped = codes_[0];
  mistyped[0] = mistyped[0] == '7' ? '8' : '7';
  EXPECT_THAT(issuer_->IssueCredential(Ask(mistyped, blinded), "c"),
              HasReason(Reason::kCodeMistyped));
  EXPECT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"));
}

TEST_F(IssuerTest, WhatWasDamagedOnItsWayUsesUpNoVoice) {
  const auto request = Blind("pseudonym");
  const CredentialRequest whole = Ask(codes_[0], request.blinded_message());
  std::vector<CredentialRequest> damaged;
  for (const size_t at : std::vector<size_t>{0, 100, 255}) {
    damaged.push_back(whole);
    damaged.back().made.blinded_message[at] ^= 1;
  }
  // Cut off and filled up, nothing at all, and of another member.
  damaged.push_back(whole);
  damaged.back().made.blinded_message.resize(200);
  damaged.back().made.blinded_message.resize(256);
  damaged.push_back(whole);
  damaged.back().made.blinded_message.assign(256, '\0');
  damaged.push_back(whole);
  damaged.back().made.blinded_message = Blind("other").blinded_message();
  damaged.push_back(whole);
  damaged.back().made.issuer_key_digest[31] ^= 1;
  damaged.push_back(whole);
  damaged.back().made.checksum[31] ^= 1;
  for (const CredentialRequest& each : damaged) {
    const absl::Status refused = issuer_->IssueCredential(each, "c").status();
    EXPECT_THAT(refused, HasReason(Reason::kRequestDamaged));
    EXPECT_THAT(std::string(refused.message()),
                HasSubstr("Your code is not used up"));
  }
  for (std::string EnrolmentRequest::*part :
       {&EnrolmentRequest::checksum, &EnrolmentRequest::issuer_key_digest}) {
    CredentialRequest without = whole;
    (without.made.*part).clear();
    EXPECT_THAT(issuer_->IssueCredential(without, "c"),
                HasReason(Reason::kRequestMalformed));
  }
  const auto signature = issuer_->IssueCredential(whole, "c");
  ASSERT_OK(signature);
  EXPECT_OK(request.Finalize(*signature));
}

TEST_F(IssuerTest, FiftyClientsRacingWithOneCodeGetOneCredential) {
  std::vector<std::string> requests;
  for (int i = 0; i < 50; ++i) {
    requests.push_back(Blind(absl::StrCat("p", i)).blinded_message());
  }
  std::atomic<int> granted = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 50; ++i) {
      clients.emplace_back([&, i] {
        const auto result = issuer_->IssueCredential(
            Ask(codes_[0], requests[static_cast<size_t>(i)]), absl::StrCat(i));
        granted += result.ok() ? 1 : 0;
        refused += ReasonOf(result.status()) == Reason::kCredentialAlreadyIssued
                       ? 1
                       : 0;
      });
    }
  }
  EXPECT_EQ(granted, 1);
  EXPECT_EQ(refused, 49);
}

TEST_F(IssuerTest, ADestroyedKeySignsNothingAndNeverComesBack) {
  const std::string blinded = Blind("pseudonym").blinded_message();
  ASSERT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"));
  ASSERT_OK(store_->DestroyIssuingKey(kRound, random_));
  EXPECT_THAT(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"),
              HasReason(Reason::kUnknownRound));
  EXPECT_THAT(store_->CreateIssuingKey(kRound, random_),
              HasReason(Reason::kIssuingKeyExists));
}

TEST_F(IssuerTest, ACodeCanBeShownAgainUntilItsMemberHasEnrolled) {
  EXPECT_EQ(KeptCodeOf("m1"), codes_[0]);
  store_ = IssuerStore::Open(directory_.File("issuer"), kek()).value();
  issuer_ = std::make_unique<Issuer>(*store_, clock_);
  EXPECT_EQ(KeptCodeOf("m1"), codes_[0]);

  const std::string blinded = Blind("pseudonym").blinded_message();
  ASSERT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"));
  EXPECT_EQ(KeptCodeOf("m1"), "");
  EXPECT_EQ(KeptCodeOf("m2"), codes_[1]);
  // It works all the same, in this round and later ones.
  EXPECT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"));
}

TEST_F(IssuerTest, AKeptCodeOpensInItsOwnPlaceOnly) {
  const std::vector<storage::MemberCode> kept =
      store_->roll().ListKeptCodes().value();
  ASSERT_OK(store_->roll().SetCodes({{"m1", kept[0].digest, kept[1].sealed}},
                                    storage::OldCode::kReplaced));
  const auto all = store_->KeptCodes([](absl::string_view) { return true; });
  EXPECT_THAT(all, HasReason(Reason::kRollAltered));
  const std::vector<Fault> faults = FaultsOf(all.status());
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].place, "m1");
  // The others get theirs all the same.
  const auto others = store_->KeptCodes(
      [](absl::string_view reference) { return reference != "m1"; });
  ASSERT_OK(others);
  EXPECT_EQ(others->size(), kept.size() - 1);
}

TEST_F(IssuerTest, SaysOfARoundThatItWasCalledOff) {
  ASSERT_OK(store_->DestroyIssuingKey(kRound, random_,
                                      storage::RoundEnd::kCalledOff));
  // For good, whatever is said of it later.
  ASSERT_OK(store_->DestroyIssuingKey(kRound, random_));
  const auto told = issuer_->IssueCredential(
      Ask(codes_[0], Blind("pseudonym").blinded_message()), "c");
  EXPECT_THAT(told, HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(std::string(told.status().message()),
              ::testing::HasSubstr("destroyed unread"));
  EXPECT_TRUE(store_->roll().ListRounds().value()[0].called_off);
}

TEST_F(IssuerTest, ARunningIssuerSaysSoOfAKeyThatItStillHolds) {
  const auto request = Blind("pseudonym");
  ASSERT_OK(
      issuer_->IssueCredential(Ask(codes_[0], request.blinded_message()), "c"));
  auto command = IssuerStore::Open(directory_.File("issuer"), kek());
  ASSERT_OK(command);
  ASSERT_OK((*command)->DestroyIssuingKey(kRound, random_,
                                          storage::RoundEnd::kCalledOff));
  EXPECT_THAT(issuer_->IssueCredential(
                  Ask(codes_[1], Blind("other").blinded_message()), "c"),
              HasReason(Reason::kRoundCancelled));
}

TEST_F(IssuerTest, ForgetsAKeyThatACommandDestroyedWithoutBeingAsked) {
  const std::string blinded = Blind("pseudonym").blinded_message();
  ASSERT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"));
  EXPECT_EQ(issuer_->ForgetDestroyedKeys().value(), 0U);
  auto command = IssuerStore::Open(directory_.File("issuer"), kek());
  ASSERT_OK(command);
  ASSERT_OK((*command)->DestroyIssuingKey(kRound, random_));
  EXPECT_EQ(issuer_->ForgetDestroyedKeys().value(), 1U);
  EXPECT_EQ(issuer_->ForgetDestroyedKeys().value(), 0U);
}

TEST_F(IssuerTest, AnOldCopyDoesNotBringADestroyedKeyBack) {
  const std::string blinded = Blind("pseudonym").blinded_message();
  // A copy of the directory from while the round was open.
  std::filesystem::copy(directory_.File("issuer"), directory_.File("copy"),
                        std::filesystem::copy_options::recursive);
  const auto sign_from_copy = [&]() -> absl::Status {
    auto copy = IssuerStore::Open(directory_.File("copy"), kek());
    if (!copy.ok()) {
      return copy.status();
    }
    Issuer issuer(**copy, clock_);
    return issuer.IssueCredential(Ask(codes_[1], blinded), "c").status();
  };
  ASSERT_OK(sign_from_copy());
  ASSERT_OK(store_->DestroyIssuingKey(kRound, random_));
  // As a backup it has no shred.key; that of today does not help it either.
  const std::string shred_file = directory_.File("copy") + "/shred.key";
  std::filesystem::rename(shred_file, directory_.File("old-shred.key"));
  EXPECT_THAT(sign_from_copy(), HasReason(Reason::kShredFileMissing));
  std::filesystem::copy(directory_.File("issuer") + "/shred.key", shred_file);
  EXPECT_THAT(sign_from_copy(), HasReason(Reason::kUnknownRound));
  // With the shred.key of that time it would; hence the key file gets a new
  // key, too, where it can.
  std::filesystem::rename(directory_.File("old-shred.key"), shred_file);
  ASSERT_OK(store_->ReplaceKek(random_));
  EXPECT_THAT(sign_from_copy(), HasReason(Reason::kKekWrong));
  // Nor does the old roll under the keyring of today.
  for (const char* name : {"roll.db", "roll.db-wal", "roll.db-shm"}) {
    const std::string old_file = directory_.File("copy") + "/" + name;
    const std::string file = directory_.File("issuer") + "/" + name;
    std::filesystem::remove(file);
    if (std::filesystem::exists(old_file)) {
      std::filesystem::copy_file(old_file, file);
    }
  }
  auto restored = IssuerStore::Open(directory_.File("issuer"), kek());
  ASSERT_OK(restored);
  EXPECT_TRUE((*restored)->HasIssuingKey(kRound).value());
  Issuer issuer(**restored, clock_);
  EXPECT_THAT(issuer.IssueCredential(Ask(codes_[1], blinded), "c"),
              HasReason(Reason::kUnknownRound));
}

TEST_F(IssuerTest, ARunningIssuerGoesOnAfterACommandReplacedTheKeyFile) {
  constexpr char kNext[] = "couriers.2026-q2";
  auto command = IssuerStore::Open(directory_.File("issuer"), kek());
  ASSERT_OK(command);
  ASSERT_OK((*command)->DestroyIssuingKey(kRound, random_));
  ASSERT_OK((*command)->ReplaceKek(random_));
  const auto der = (*command)->CreateIssuingKey(kNext, random_);
  ASSERT_OK(der);
  key_.emplace(crypto::BlindRsaPublicKey::FromDer(*der).value());
  CredentialRequest request =
      Ask(codes_[0], Blind("pseudonym").blinded_message());
  request.made.round_id = kNext;
  EXPECT_OK(issuer_->IssueCredential(request, "c"));
}

TEST_F(IssuerTest, AReopenedStoreKnowsWhatItGranted) {
  const auto request = Blind("pseudonym");
  const auto first =
      issuer_->IssueCredential(Ask(codes_[0], request.blinded_message()), "c");
  ASSERT_OK(first);
  issuer_.reset();
  store_.reset();
  auto reopened = IssuerStore::Open(directory_.File("issuer"), kek());
  ASSERT_OK(reopened);
  Issuer issuer(**reopened, clock_);
  EXPECT_EQ(
      issuer.IssueCredential(Ask(codes_[0], request.blinded_message()), "c")
          .value(),
      *first);
  EXPECT_THAT(issuer.IssueCredential(
                  Ask(codes_[0], Blind("other").blinded_message()), "c"),
              HasReason(Reason::kCredentialAlreadyIssued));
}

}  // namespace
}  // namespace commonwage::server::issuer
