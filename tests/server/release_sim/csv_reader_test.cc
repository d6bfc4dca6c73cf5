// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/csv_reader.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::release_sim {
namespace {

using commonwage::testing::HasReason;
using Rows = std::vector<std::vector<std::string>>;

// Gives out `text` in chunks of `chunk` bytes.
CsvReader::Source SourceOf(const std::string& text, size_t chunk) {
  return [text, chunk, at = size_t{0}]() mutable {
    std::string part = text.substr(std::min(at, text.size()), chunk);
    at += part.size();
    return part;
  };
}

absl::StatusOr<Rows> ReadAll(const std::string& text, size_t chunk = 1000) {
  CsvReader reader(SourceOf(text, chunk));
  Rows rows;
  std::vector<std::string> fields;
  for (;;) {
    const auto more = reader.ReadRow(fields);
    if (!more.ok()) {
      return more.status();
    }
    if (!*more) {
      return rows;
    }
    rows.push_back(fields);
  }
}

void ExpectRows(const std::string& text, const Rows& expected) {
  for (const size_t chunk : {size_t{1}, size_t{2}, size_t{3}, size_t{1000}}) {
    const auto rows = ReadAll(text, chunk);
    ASSERT_OK(rows);
    EXPECT_EQ(*rows, expected) << "in chunks of " << chunk;
  }
}

TEST(CsvReaderTest, ReadsPlainRows) {
  ExpectRows("a,b\n1,2\n", {{"a", "b"}, {"1", "2"}});
  ExpectRows("a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}});
  ExpectRows("a,b\n1,2", {{"a", "b"}, {"1", "2"}});
  ExpectRows("a,,\n,,\n", {{"a", "", ""}, {"", "", ""}});
  ExpectRows("", {});
}

TEST(CsvReaderTest, ReadsQuotedFields) {
  ExpectRows("\"a\",\"b, c\"\n", {{"a", "b, c"}});
  ExpectRows("\"say \"\"hi\"\"\",x\r\n", {{"say \"hi\"", "x"}});
  ExpectRows("\"two\nlines\",\"two\r\nlines\"\n",
             {{"two\nlines", "two\r\nlines"}});
  ExpectRows("\"\",\"\"\n", {{"", ""}});
  ExpectRows("\"\"\"\"", {{"\""}});
}

TEST(CsvReaderTest, SkipsAByteOrderMarkAndEmptyLines) {
  ExpectRows(
      "\xEF\xBB\xBF"
      "a,b\n\n\r\n1,2\n\n",
      {{"a", "b"}, {"1", "2"}});
}

TEST(CsvReaderTest, KeepsSpacesAndLoneCarriageReturns) {
  ExpectRows(" a , b\rc \n", {{" a ", " b\rc "}});
}

TEST(CsvReaderTest, RefusesQuotesThatDoNotMatch) {
  for (const char* text :
       {"\"a", "a,\"b\n", "\"a\"b,c\n", "a\"b\n", "\"a\" ,b\n", "\"a\"\rb\n",
        "\"a\"\r,b\n", "\"a\"\"\n"}) {
    EXPECT_THAT(ReadAll(text), HasReason(Reason::kCsvMalformed)) << text;
  }
}

TEST(CsvReaderTest, NamesTheLineOnWhichTheRowBegan) {
  const auto rows = ReadAll("a\n\"1\n2\n3\"\n\nx\"\n");
  EXPECT_THAT(std::string(rows.status().message()),
              ::testing::HasSubstr("Line 6 "));
}

TEST(CsvReaderTest, RefusesARowWithoutEnd) {
  const std::string endless(CsvReader::kMaxRowBytes + 1, 'x');
  EXPECT_THAT(ReadAll(endless), HasReason(Reason::kCsvMalformed));
  EXPECT_THAT(ReadAll("\"" + endless), HasReason(Reason::kCsvMalformed));
  EXPECT_THAT(ReadAll(std::string(CsvReader::kMaxRowBytes + 1, ',')),
              HasReason(Reason::kCsvMalformed));
}

TEST(CsvReaderTest, PassesOnWhatTheSourceFailsWith) {
  CsvReader reader([]() -> absl::StatusOr<std::string> {
    return Refusal(Reason::kDiskFailed, "Broken.");
  });
  std::vector<std::string> fields;
  EXPECT_THAT(reader.ReadRow(fields), HasReason(Reason::kDiskFailed));
}

}  // namespace
}  // namespace commonwage::server::release_sim
