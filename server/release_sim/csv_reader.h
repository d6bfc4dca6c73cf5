// SPDX-License-Identifier: Apache-2.0
// Comma-separated values as RFC 4180 has them: fields may be quoted, a quote
// inside is doubled, a quoted field may hold commas and line ends.

#ifndef COMMONWAGE_SERVER_RELEASE_SIM_CSV_READER_H_
#define COMMONWAGE_SERVER_RELEASE_SIM_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace commonwage::server::release_sim {

// Reads rows one by one. Lines end with LF or CRLF; a byte order mark before
// the first row and empty lines are skipped.
class CsvReader {
 public:
  // Returns the next bytes, or "" at the end.
  using Source = std::function<absl::StatusOr<std::string>()>;

  // More bytes in a row than this are refused.
  static constexpr size_t kMaxRowBytes = size_t{1} << 20;

  explicit CsvReader(Source source) : source_(std::move(source)) {}

  // Puts the fields of the next row into `fields` and returns true, or returns
  // false at the end.
  //
  // Fails with INVALID_ARGUMENT (CSV_MALFORMED), naming the line, if quotes do
  // not match or the row is too long; and as the source fails.
  absl::StatusOr<bool> ReadRow(std::vector<std::string>& fields);

  // Returns the line, from 1, on which the last row began.
  int64_t row_line() const { return row_line_; }

 private:
  static constexpr int kEnd = -1;

  // Return the next byte, or kEnd, also once the source has failed.
  int PeekByte();
  int NextByte();
  void SkipByteOrderMark();
  // Reads fields up to the end of the line. Returns whether they are well
  // formed.
  bool ReadFields(std::vector<std::string>& fields);
  // Reads a quoted field, from quote to quote.
  bool ReadQuoted(std::string& field);
  // Reads what stands unquoted, up to a comma or the end of the line.
  bool ReadPlain(std::string& field);
  // Returns whether a comma or the end of the line is next, and skips the first
  // byte of a line end of two.
  bool FieldEnds();
  // Reads past a comma and returns true, or past a line end and returns false.
  bool ReadComma();

  Source source_;
  absl::Status status_;  // Of the source.
  std::string chunk_;
  size_t position_ = 0;
  bool started_ = false;
  int64_t line_ = 1;
  int64_t row_line_ = 0;
};

}  // namespace commonwage::server::release_sim

#endif  // COMMONWAGE_SERVER_RELEASE_SIM_CSV_READER_H_
