// SPDX-License-Identifier: Apache-2.0
#include "base/reasons.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

struct Listed {
  Reason reason;
  absl::string_view enumerator;
  absl::string_view name;
  absl::StatusCode code;
};

constexpr Listed kAll[] = {
#define COMMONWAGE_REASON(enumerator, name, code, sentence) \
  {Reason::enumerator, #enumerator, name, absl::StatusCode::code},
#include "base/reasons_of_clients.inc"
#include "base/reasons_of_programs.inc"
#include "base/reasons_of_servers.inc"
#undef COMMONWAGE_REASON
};

// "ROUND_CLOSED" is kRoundClosed.
std::string EnumeratorOf(absl::string_view name) {
  std::string enumerator = "k";
  bool starts = true;
  for (const char c : name) {
    if (c != '_') {
      enumerator += starts ? c : absl::ascii_tolower(static_cast<uint8_t>(c));
    }
    starts = c == '_';
  }
  return enumerator;
}

TEST(ReasonsTest, EachHasANameOfItsOwnByWhichItIsFound) {
  std::set<absl::string_view> names;
  for (const Listed& each : kAll) {
    EXPECT_THAT(std::string(each.name),
                ::testing::MatchesRegex("[A-Z]+(_[A-Z]+)*"));
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_EQ(ReasonName(each.reason), each.name);
    EXPECT_EQ(EnumeratorOf(each.name), each.enumerator);
    EXPECT_EQ(FindReason(each.name), each.reason) << each.name;
  }
  EXPECT_GT(names.size(), 200U);
}

TEST(ReasonsTest, EachHasTheCodeOfARefusalAndSaysWhatItMeans) {
  for (const Listed& each : kAll) {
    EXPECT_EQ(CodeOf(each.reason), each.code) << each.name;
    EXPECT_NE(each.code, absl::StatusCode::kOk) << each.name;
    EXPECT_NE(each.code, absl::StatusCode::kUnknown) << each.name;
    EXPECT_THAT(std::string(SentenceOf(each.reason)), ::testing::EndsWith("."))
        << each.name;
  }
}

TEST(ReasonsTest, WhatIsNotOnTheListIsUnknown) {
  EXPECT_EQ(FindReason(""), Reason::kUnknown);
  EXPECT_EQ(FindReason("ROUND_CLOSE"), Reason::kUnknown);
  EXPECT_EQ(FindReason("round_closed"), Reason::kUnknown);
  EXPECT_EQ(ReasonName(Reason::kUnknown), "");
  EXPECT_EQ(CodeOf(Reason::kUnknown), absl::StatusCode::kUnknown);
  EXPECT_EQ(SentenceOf(Reason::kUnknown), "");
}

}  // namespace
}  // namespace commonwage
