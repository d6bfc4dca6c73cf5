// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/issuer_http.h"

#include <cstddef>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/enrolment_request.h"
#include "tests/server/issuer/issuer_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class IssuerHttpTest : public IssuerTest {
 protected:
  // The body of the JSON call for `request`.
  static std::string JsonOf(const CredentialRequest& request) {
    return absl::StrCat(
        R"({"round":"rounds/)", request.made.round_id, R"(","enrolmentCode":")",
        request.enrolment_code, R"(","blindedMessage":")",
        absl::Base64Escape(request.made.blinded_message),
        R"(","issuerKeyDigest":")",
        absl::Base64Escape(request.made.issuer_key_digest), R"(","checksum":")",
        absl::Base64Escape(request.made.checksum), R"("})");
  }

  HttpResponse PostJson(const std::string& body) {
    HttpRequest http;
    http.method = "POST";
    http.target = "/commonwage.v1.IssuerService/IssueCredential";
    http.content_type = "application/json";
    http.body = body;
    return AnswerHttp(*issuer_, http);
  }

  // Sends the page's form as a browser does.
  HttpResponse PostForm(const std::string& code, const std::string& text) {
    HttpRequest http;
    http.method = "POST";
    http.target = "/enrol";
    http.body = absl::StrCat("code=", code, "&request=",
                             absl::StrReplaceAll(text, {{"+", "%2B"},
                                                        {"/", "%2F"},
                                                        {"=", "%3d"},
                                                        {" ", "+"},
                                                        {"\n", "%0D%0A"}}));
    return AnswerHttp(*issuer_, http);
  }
};

TEST_F(IssuerHttpTest, TheJsonCallDoesTheSame) {
  const auto request = Blind("pseudonym");
  const CredentialRequest asked = Ask(codes_[0], request.blinded_message());
  CredentialRequest damaged = asked;
  damaged.made.blinded_message[7] ^= 1;
  const HttpResponse noticed = PostJson(JsonOf(damaged));
  EXPECT_EQ(noticed.status, 400U);
  EXPECT_THAT(noticed.body, HasSubstr("REQUEST_DAMAGED"));
  const HttpResponse answer = PostJson(JsonOf(asked));
  EXPECT_EQ(answer.status, 200U) << answer.body;
  const std::string head = "{\"blindSignature\":\"";
  ASSERT_EQ(answer.body.substr(0, head.size()), head);
  std::string signature;
  ASSERT_TRUE(absl::Base64Unescape(
      answer.body.substr(head.size(),
                         answer.body.find('"', head.size()) - head.size()),
      &signature));
  EXPECT_OK(request.Finalize(signature));

  const HttpResponse refused =
      PostJson(R"({"round":"rounds/x.y","enrolmentCode":"zz<b>"})");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.body, HasSubstr("REQUEST_MALFORMED"));
  EXPECT_THAT(refused.body, Not(HasSubstr("<b>")));
}

TEST_F(IssuerHttpTest, ThePageWorksAsAPlainFormAndEchoesNothing) {
  HttpRequest http;
  http.method = "GET";
  for (const char* target : {"/enrol", "/enrol?round=couriers.2026-q1"}) {
    http.target = target;
    const HttpResponse page = AnswerHttp(*issuer_, http);
    EXPECT_THAT(page.body, HasSubstr("<form"));
    EXPECT_THAT(page.body, HasSubstr("commonwage enrol --request-out"));
  }
  const auto request = Blind("pseudonym");
  const CredentialRequest asked = Ask(codes_[0], request.blinded_message());
  const HttpResponse answer =
      PostForm(codes_[0], WriteEnrolmentRequest(asked.made));
  EXPECT_EQ(answer.status, 200U) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("commonwage enrol --answer-in"));
  const size_t begin = answer.body.find("readonly>") + 9;
  const auto taken = ParseEnrolmentAnswer(
      answer.body.substr(begin, answer.body.find('<', begin) - begin));
  ASSERT_OK(taken);
  EXPECT_EQ(taken->round_id, kRound);
  EXPECT_OK(request.Finalize(taken->blind_signature));

  http.method = "POST";
  http.target = "/enrol";
  http.body = "code=%3Cscript%3E&request=%3Cscript%3E+AAAA%zz&x";
  const HttpResponse refused = AnswerHttp(*issuer_, http);
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.body, Not(HasSubstr("<script")));
  EXPECT_THAT(refused.body, Not(HasSubstr("%3Cscript")));
  http.target = "/elsewhere";
  EXPECT_EQ(AnswerHttp(*issuer_, http).status, 404U);
}

TEST_F(IssuerHttpTest, ThePageUsesUpNoVoiceForAHalfCopiedText) {
  const auto request = Blind("pseudonym");
  const std::string text =
      WriteEnrolmentRequest(Ask(codes_[0], request.blinded_message()).made);
  std::string other_letter = text;
  char& letter = other_letter[text.size() / 2];
  letter = letter == 'A' ? 'B' : 'A';
  for (const std::string& half :
       {text.substr(0, text.size() / 2), text.substr(9), other_letter,
        std::string()}) {
    const HttpResponse refused = PostForm(codes_[0], half);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_THAT(refused.body, HasSubstr("Your code is not used up"));
    EXPECT_THAT(refused.body, HasSubstr("<form"));
  }
  EXPECT_EQ(PostForm(codes_[0], text).status, 200U);
}

}  // namespace
}  // namespace commonwage::server::issuer
