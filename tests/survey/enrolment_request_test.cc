// SPDX-License-Identifier: Apache-2.0
#include "survey/enrolment_request.h"

#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::SeededRandom;

EnrolmentRequest SampleRequest() {
  return {"couriers.2026-q1", std::string(32, '\x11'), std::string(256, '\x22'),
          std::string(32, '\x33')};
}

TEST(EnrolmentRequestTest, IsReadHoweverItWasWrapped) {
  const std::string text = WriteEnrolmentRequest(SampleRequest());
  EXPECT_TRUE(absl::StartsWith(text,
                               "commonwage-request-1 couriers.2026-q1\n"
                               "ERERERERERER"));
  for (const std::string& carried :
       {text, absl::StrReplaceAll(text, {{"\n", "\r\n"}}),
        absl::StrReplaceAll(text, {{"\n", " "}}),
        absl::StrCat("\ufeff", absl::StrReplaceAll(
                                   text, {{"\n", "\u00a0"}, {" ", "\u2003"}})),
        absl::StrCat("\n\t ", text, "\n\n")}) {
    const auto read = ParseEnrolmentRequest(carried);
    ASSERT_OK(read);
    EXPECT_EQ(read->round_id, "couriers.2026-q1");
    EXPECT_EQ(read->issuer_key_digest, SampleRequest().issuer_key_digest);
    EXPECT_EQ(read->blinded_message, SampleRequest().blinded_message);
    EXPECT_EQ(read->checksum, SampleRequest().checksum);
  }
}

TEST(EnrolmentRequestTest, TheAnswerComesBackToo) {
  const EnrolmentAnswer answer = {"couriers.2026-q1", std::string(256, '\x44')};
  const auto read = ParseEnrolmentAnswer(WriteEnrolmentAnswer(answer));
  ASSERT_OK(read);
  EXPECT_EQ(read->round_id, answer.round_id);
  EXPECT_EQ(read->blind_signature, answer.blind_signature);
  // One is not the other.
  EXPECT_THAT(ParseEnrolmentRequest(WriteEnrolmentAnswer(answer)),
              HasReason(Reason::kRequestMalformed));
  EXPECT_THAT(ParseEnrolmentAnswer(WriteEnrolmentRequest(SampleRequest())),
              HasReason(Reason::kAnswerMalformed));
}

TEST(EnrolmentRequestTest, WhatWasCutOffIsNoRequest) {
  const std::string text = WriteEnrolmentRequest(SampleRequest());
  for (size_t length = 0; length < text.size() - 4; ++length) {
    EXPECT_THAT(ParseEnrolmentRequest(text.substr(0, length)),
                HasReason(Reason::kRequestMalformed));
  }
  EXPECT_THAT(ParseEnrolmentRequest(absl::StrCat(text, "AAAA")),
              HasReason(Reason::kRequestMalformed));
}

TEST(EnrolmentRequestTest, NoiseIsRefusedAndNotRepeated) {
  SeededRandom random(5);
  for (int i = 0; i < 3'000; ++i) {
    std::string noise = "commonwage-request-1 a.b ";
    noise.resize(random.Below(noise.size() + 1));
    for (uint64_t left = random.Below(500); left > 0; --left) {
      noise += static_cast<char>(random.Below(256));
    }
    const auto read = ParseEnrolmentRequest(noise);
    ASSERT_THAT(read, HasReason(Reason::kRequestMalformed));
    ASSERT_THAT(ParseEnrolmentAnswer(noise),
                HasReason(Reason::kAnswerMalformed));
  }
  EXPECT_THAT(ParseEnrolmentRequest("s3cret").status().ToString(),
              Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace commonwage
