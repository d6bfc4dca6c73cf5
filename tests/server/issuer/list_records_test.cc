// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/list_records.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;

std::vector<ListRecord> ReadAll(absl::string_view text,
                                absl::string_view separators) {
  std::vector<ListRecord> records;
  RecordReader reader(text, separators);
  while (!reader.AtEnd()) {
    records.push_back(reader.Next().value());
  }
  return records;
}

// The place of the fault of `text`, or "".
std::string FaultIn(absl::string_view text) {
  RecordReader reader(text, ",");
  while (!reader.AtEnd()) {
    const auto record = reader.Next();
    if (!record.ok()) {
      EXPECT_THAT(record, HasReason(Reason::kMemberListFaulty));
      return FaultsOf(record.status()).front().place;
    }
  }
  return "";
}

TEST(RecordReaderTest, TakesCellsApartAndLinesHoweverTheyEnd) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const std::string text = absl::StrReplaceAll(
        "a;\"b;\"\"c\"\"\";\n;\n\"two\nlines\";x", {{"\n", end}});
    const std::vector<ListRecord> records = ReadAll(text, ";");
    ASSERT_EQ(records.size(), 3U);
    EXPECT_THAT(records[0].cells, ElementsAre("a", "b;\"c\"", ""));
    EXPECT_THAT(records[1].cells, ElementsAre("", ""));
    EXPECT_THAT(records[2].cells, ElementsAre("two\nlines", "x"));
    EXPECT_EQ(records[0].line, 1U);
    EXPECT_EQ(records[1].line, 2U);
    EXPECT_EQ(records[2].line, 3U);
  }
}

TEST(RecordReaderTest, CountsTheLinesInsideQuotationMarks) {
  const std::vector<ListRecord> records =
      ReadAll("\"1\r\n2\r3\n4\"\na\n", ",;\t");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[1].line, 5U);
}

TEST(RecordReaderTest, AnEndWithOrWithoutALineEndIsTheSame) {
  EXPECT_EQ(ReadAll("a,b\nc,d", ",").size(), 2U);
  EXPECT_EQ(ReadAll("a,b\nc,d\n", ",").size(), 2U);
  EXPECT_THAT(ReadAll("a,", ",").front().cells, ElementsAre("a", ""));
}

TEST(RecordReaderTest, WhatCanBeReadInTwoWaysIsRefused) {
  EXPECT_EQ(FaultIn("a\n\"b"), "line 2");
  EXPECT_EQ(FaultIn("a\n\"b\n\n\nc"), "line 2");
  EXPECT_EQ(FaultIn("a\nb \"c\"\n"), "line 2");
  EXPECT_EQ(FaultIn("a, \"b\"\n"), "line 1");
  EXPECT_EQ(FaultIn("\"a\"b\n"), "line 1");
  EXPECT_EQ(FaultIn("\"a\" ,b\n"), "line 1");
  EXPECT_EQ(FaultIn("\"a\",\"b\"\n"), "");
}

}  // namespace
}  // namespace commonwage::server::issuer
