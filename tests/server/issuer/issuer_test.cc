// SPDX-License-Identifier: Apache-2.0
// Promise 4: one member, one voice, no name.
#include "server/issuer/issuer.h"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/blind_rsa.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "server/issuer/issuer_http.h"
#include "server/issuer/issuer_store.h"
#include "storage/member_roll.h"
#include "survey/enrolment_code.h"
#include "survey/labels.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::issuer {
namespace {

using testing::FakeClock;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDirectory;

constexpr char kRound[] = "couriers.2026-q1";

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
    std::vector<std::string> codes;
    EXPECT_OK(store_->DrawCodes(references, random_,
                                [&](absl::Span<const NewCode> drawn) {
                                  for (const NewCode& code : drawn) {
                                    codes.push_back(code.code);
                                  }
                                  return absl::OkStatus();
                                }));
    return codes;
  }

  crypto::BlindRsaRequest Blind(const std::string& message) {
    return crypto::BlindRsaRequest::Blind(*key_, message, random_).value();
  }

  CredentialRequest Ask(const std::string& code, const std::string& blinded) {
    return {
        kRound, code, blinded,
        std::string(crypto::Sha256(kIssuerKeyDigestLabel, key_->der()).view())};
  }

  std::string kek() const { return directory_.File("kek"); }

  TempDirectory directory_;
  crypto::SodiumRandom random_;
  FakeClock clock_{absl::FromUnixSeconds(1'000'000)};
  std::unique_ptr<IssuerStore> store_;
  std::vector<std::string> codes_;
  std::optional<crypto::BlindRsaPublicKey> key_;
  std::unique_ptr<Issuer> issuer_;
};

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
              HasReason("CREDENTIAL_ALREADY_ISSUED"));
  // A new code for the same member is no second voice.
  EXPECT_THAT(issuer_->IssueCredential(Ask(DrawCodes({"m1"}).front(),
                                           Blind("other").blinded_message()),
                                       "c"),
              HasReason("CREDENTIAL_ALREADY_ISSUED"));
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
    EXPECT_THAT(refusals.back(), HasReason("CODE_REFUSED"));
    EXPECT_EQ(refusals.back(), refusals.front());
  }
}

TEST_F(IssuerTest, GuessingIsCutOffBeforeTheCodeIsLookedAt) {
  const std::string blinded = Blind("pseudonym").blinded_message();
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(
        issuer_->IssueCredential(
            Ask(FormatEnrolmentCode(DrawEnrolmentCode(random_)), blinded), "c"),
        HasReason("CODE_REFUSED"));
  }
  // Right or wrong, the answer is the same now.
  EXPECT_THAT(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"),
              HasReason("TOO_MANY_ATTEMPTS"));
  EXPECT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "other"));
}

TEST_F(IssuerTest, BadRequestsAreNamedAndUseNothingUp) {
  const std::string blinded = Blind("pseudonym").blinded_message();
  CredentialRequest request = Ask(codes_[0], blinded);
  request.round_id = "couriers.2026-q2";
  EXPECT_THAT(issuer_->IssueCredential(request, "c"),
              HasReason("UNKNOWN_ROUND"));
  request = Ask(codes_[0], blinded);
  request.issuer_key_digest[5] ^= 1;
  EXPECT_THAT(issuer_->IssueCredential(request, "c"),
              HasReason("ISSUER_KEY_DIFFERS"));
  EXPECT_THAT(issuer_->IssueCredential(Ask(codes_[0], blinded + "x"), "c"),
              HasReason("REQUEST_MALFORMED"));
  EXPECT_THAT(
      issuer_->IssueCredential(Ask(codes_[0], std::string(256, '\xff')), "c"),
      HasReason("BLINDED_MESSAGE_MALFORMED"));
  std::string mistyped = codes_[0];
  mistyped[0] = mistyped[0] == '7' ? '8' : '7';
  EXPECT_THAT(issuer_->IssueCredential(Ask(mistyped, blinded), "c"),
              HasReason("CODE_MISTYPED"));
  EXPECT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"));
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
        refused +=
            ReasonOf(result.status()) == "CREDENTIAL_ALREADY_ISSUED" ? 1 : 0;
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
              HasReason("UNKNOWN_ROUND"));
  EXPECT_THAT(store_->CreateIssuingKey(kRound, random_),
              HasReason("ISSUING_KEY_EXISTS"));
}

TEST_F(IssuerTest, CodesThatCannotBeWrittenChangeNothing) {
  ASSERT_OK(store_->roll().AddMembers({"m4"}));
  std::string lost;
  EXPECT_THAT(store_->DrawCodes({"m1", "m4"}, random_,
                                [&](absl::Span<const NewCode> drawn) {
                                  lost = drawn.front().code;
                                  return Refusal(
                                      absl::StatusCode::kResourceExhausted,
                                      "DISK_FULL", "full");
                                }),
              HasReason("DISK_FULL"));
  EXPECT_FALSE(store_->roll().ListMembers().value().back().has_code);
  const std::string blinded = Blind("pseudonym").blinded_message();
  EXPECT_THAT(issuer_->IssueCredential(Ask(lost, blinded), "c"),
              HasReason("CODE_REFUSED"));
  EXPECT_OK(issuer_->IssueCredential(Ask(codes_[0], blinded), "c"));
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
  EXPECT_THAT(sign_from_copy(), HasReason("KEK_WRONG"));
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
              HasReason("UNKNOWN_ROUND"));
}

TEST_F(IssuerTest, ARunningIssuerGoesOnAfterACommandReplacedTheKeyFile) {
  constexpr char kNext[] = "couriers.2026-q2";
  auto command = IssuerStore::Open(directory_.File("issuer"), kek());
  ASSERT_OK(command);
  ASSERT_OK((*command)->DestroyIssuingKey(kRound, random_));
  const auto der = (*command)->CreateIssuingKey(kNext, random_);
  ASSERT_OK(der);
  key_.emplace(crypto::BlindRsaPublicKey::FromDer(*der).value());
  CredentialRequest request =
      Ask(codes_[0], Blind("pseudonym").blinded_message());
  request.round_id = kNext;
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
              HasReason("CREDENTIAL_ALREADY_ISSUED"));
}

TEST_F(IssuerTest, TheJsonCallDoesTheSame) {
  const auto request = Blind("pseudonym");
  HttpRequest http;
  http.method = "POST";
  http.target = "/commonwage.v1.IssuerService/IssueCredential";
  http.content_type = "application/json";
  http.body =
      absl::StrCat(R"({"round":"rounds/)", kRound, R"(","enrolmentCode":")",
                   codes_[0], R"(","blindedMessage":")",
                   absl::Base64Escape(request.blinded_message()), R"("})");
  const HttpResponse answer = AnswerHttp(*issuer_, http);
  EXPECT_EQ(answer.status, 200U);
  const std::string head = "{\"blindSignature\":\"";
  ASSERT_EQ(answer.body.substr(0, head.size()), head);
  std::string signature;
  ASSERT_TRUE(absl::Base64Unescape(
      answer.body.substr(head.size(),
                         answer.body.find('"', head.size()) - head.size()),
      &signature));
  EXPECT_OK(request.Finalize(signature));

  http.body = R"({"round":"rounds/x.y","enrolmentCode":"zz<b>"})";
  const HttpResponse refused = AnswerHttp(*issuer_, http);
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.body, HasSubstr("REQUEST_MALFORMED"));
  EXPECT_THAT(refused.body, Not(HasSubstr("<b>")));
}

TEST_F(IssuerTest, ThePageWorksAsAPlainFormAndEchoesNothing) {
  HttpRequest http;
  http.method = "GET";
  http.target = "/enrol";
  EXPECT_THAT(AnswerHttp(*issuer_, http).body, HasSubstr("<form"));
  http.target = absl::StrCat("/enrol?round=", kRound);
  EXPECT_THAT(AnswerHttp(*issuer_, http).body, HasSubstr("<form"));
  http.target = "/enrol";
  const auto request = Blind("pseudonym");
  http.method = "POST";
  http.body = absl::StrCat(
      "round=", kRound, "&code=", codes_[0], "&request=",
      absl::StrReplaceAll(absl::Base64Escape(request.blinded_message()),
                          {{"+", "%2B"}, {"/", "%2F"}, {"=", "%3d"}}));
  const HttpResponse answer = AnswerHttp(*issuer_, http);
  EXPECT_EQ(answer.status, 200U);
  const size_t begin = answer.body.find("readonly>") + 9;
  std::string signature;
  ASSERT_TRUE(absl::Base64Unescape(
      answer.body.substr(begin, answer.body.find('<', begin) - begin),
      &signature));
  EXPECT_OK(request.Finalize(signature));

  http.body = "round=%3Cscript%3E&code=%3Cscript%3E&request=AAAA%zz&x";
  const HttpResponse refused = AnswerHttp(*issuer_, http);
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.body, Not(HasSubstr("script")));
  http.target = "/elsewhere";
  EXPECT_EQ(AnswerHttp(*issuer_, http).status, 404U);
}

}  // namespace
}  // namespace commonwage::server::issuer
