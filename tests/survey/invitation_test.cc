// SPDX-License-Identifier: Apache-2.0
#include "survey/invitation.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::HasReason;
using ::testing::Not;
using testing::SampleInvitation;

const std::string& Text() {
  static const auto* const kText =
      new std::string(WriteInvitation(SampleInvitation()));
  return *kText;
}

// CRC-32 by its definition, the slow way: what a forger would write as well.
std::string Checksum(const std::string& text) {
  uint32_t sum = ~uint32_t{0};
  for (const char c : text) {
    sum ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) {
      sum = (sum >> 1U) ^ ((sum & 1U) * uint32_t{0xEDB88320});
    }
  }
  return absl::StrFormat("%08x", ~sum);
}

// An invitation of any JSON, with the right checksum.
std::string Forged(const std::string& json) {
  const std::string text =
      absl::StrCat("commonwage-invitation-1.", absl::WebSafeBase64Escape(json));
  return absl::StrCat(text, ".", Checksum(text));
}

std::string JsonInside(const std::string& text) {
  std::string json;
  const size_t first = text.find('.') + 1;
  EXPECT_TRUE(absl::WebSafeBase64Unescape(
      text.substr(first, text.rfind('.') - first), &json));
  return json;
}

TEST(InvitationTest, ComesBackAsItWasWritten) {
  for (const std::string office : {"office.example:443", ""}) {
    for (const Admission admission :
         {Admission::kOpen, Admission::kCredential}) {
      Invitation invitation = SampleInvitation();
      invitation.office = admission == Admission::kOpen ? "" : office;
      invitation.admission = admission;
      ASSERT_OK(CheckInvitation(invitation));
      const auto again = ParseInvitation(WriteInvitation(invitation));
      ASSERT_OK(again);
      EXPECT_EQ(*again, invitation);
    }
  }
}

TEST(InvitationTest, IsOneLineThatCanStandInALinkAndOnACommandLine) {
  EXPECT_TRUE(std::all_of(Text().begin(), Text().end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("-_.", c);
  }));
  const std::string link =
      InvitationLink("https://union.example/join", SampleInvitation());
  EXPECT_EQ(link, "https://union.example/join#" + Text());
  const auto again = ParseInvitation(link);
  ASSERT_OK(again);
  EXPECT_EQ(*again, SampleInvitation());
}

TEST(InvitationTest, BlanksThatMailAddsDoNotMatter) {
  std::string mailed = "\ufeff  ";
  for (size_t i = 0; i < Text().size(); i += 60) {
    absl::StrAppend(&mailed, Text().substr(i, 60), "\r\n");
  }
  const auto again = ParseInvitation(mailed);
  ASSERT_OK(again);
  EXPECT_EQ(*again, SampleInvitation());
}

TEST(InvitationTest, EveryWrongCharacterIsFoundAsASlip) {
  const size_t head = std::string("commonwage-invitation-1.").size();
  for (size_t i = head; i < Text().size(); ++i) {
    std::string slip = Text();
    slip[i] = slip[i] == 'a' ? 'b' : 'a';
    EXPECT_THAT(ParseInvitation(slip), HasReason(Reason::kInvitationMistyped))
        << i;
    std::string swapped = Text();
    std::swap(swapped[i - 1], swapped[i]);
    EXPECT_TRUE(swapped == Text() || !ParseInvitation(swapped).ok()) << i;
    EXPECT_FALSE(ParseInvitation(Text().substr(0, i)).ok()) << i;
  }
}

TEST(InvitationTest, AForgeryHasTheRightChecksumAndIsTakenForWhatItSays) {
  const auto forged = ParseInvitation(Forged(absl::StrReplaceAll(
      JsonInside(Text()), {{"survey.example", "impostor.example"}})));
  ASSERT_OK(forged);
  EXPECT_EQ(forged->server, "impostor.example:443");
}

TEST(InvitationTest, ThereIsOneSpelling) {
  const std::string json = JsonInside(Text());
  for (const std::string& other : std::vector<std::string>{
           "", "{}", "[]", json + " ",
           absl::StrReplaceAll(json, {{"\",\"", "\", \""}}),
           absl::StrReplaceAll(json, {{"\"server\"", "\"servers\""}}),
           absl::StrReplaceAll(json, {{"}", ",\"code\":\"ABCD\"}"}}),
           absl::StrReplaceAll(json, {{"credential", "anybody"}}),
           absl::StrReplaceAll(json, {{"0123-", "0123"}}),
           absl::StrReplaceAll(json, {{"cdef", "CDEF"}}),
           absl::StrReplaceAll(json, {{"survey.example", "survey example"}}),
           absl::StrReplaceAll(json,
                               {{"survey.example", "survey\\u002eexample"}}),
           absl::StrReplaceAll(json, {{"couriers", ""}}),
           // The fields in another order.
           absl::StrCat(R"({"office":"office.example:443",)",
                        R"("server":"survey.example:443",)",
                        json.substr(json.find(R"("survey":)"))),
           std::string(64000, '[')}) {
    EXPECT_THAT(ParseInvitation(Forged(other)),
                HasReason(Reason::kInvitationMalformed))
        << other.substr(0, 200);
  }
}

TEST(InvitationTest, OtherTextsAreNoInvitations) {
  for (const std::string& text : std::vector<std::string>{
           "", "commonwage", "commonwage-invitation-1",
           absl::StrReplaceAll(Text(), {{"invitation-1", "invitation-2"}}),
           std::string(100000, 'a'), Text() + "#", "\x80\xff"}) {
    EXPECT_THAT(ParseInvitation(text), HasReason(Reason::kInvitationMalformed));
  }
}

TEST(InvitationTest, WhatNoInvitationCanHaveIsNamed) {
  const auto refuses = [](Invitation invitation) {
    EXPECT_THAT(CheckInvitation(invitation),
                HasReason(Reason::kInvitationFaulty));
  };
  for (const std::string& address :
       {std::string(), std::string("a b:1"), std::string("\"x\":1"),
        std::string(kMaxAddressLength + 1, 'a')}) {
    Invitation invitation = SampleInvitation();
    invitation.server = address;
    refuses(invitation);
    invitation = SampleInvitation();
    invitation.office = address.empty() ? "<b>" : address;
    refuses(invitation);
  }
  Invitation invitation = SampleInvitation();
  invitation.survey = "two words";
  refuses(invitation);
  invitation = SampleInvitation();
  invitation.survey_key.back() = 'g';
  refuses(invitation);
  // Whoever asks an office for a voice wants one each.
  invitation = SampleInvitation();
  invitation.admission = Admission::kOpen;
  refuses(invitation);
}

}  // namespace
}  // namespace commonwage
