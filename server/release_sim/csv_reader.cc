// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/csv_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::server::release_sim {

absl::StatusOr<bool> CsvReader::ReadRow(std::vector<std::string>& fields) {
  if (!started_) {
    started_ = true;
    COMMONWAGE_RETURN_IF_ERROR(SkipByteOrderMark());
  }
  for (;;) {
    COMMONWAGE_ASSIGN_OR_RETURN(const int first, PeekByte());
    if (first == kEnd) {
      return false;
    }
    fields.clear();
    row_line_ = line_;
    size_t row_bytes = 0;
    Step step = Step::kContinue;
    while (step == Step::kContinue) {
      fields.emplace_back();
      COMMONWAGE_ASSIGN_OR_RETURN(step, ReadField(fields.back()));
      row_bytes += fields.back().size() + 1;
      if (row_bytes > kMaxRowBytes) {
        return Malformed();
      }
    }
    if (fields.size() > 1 || !fields.front().empty()) {
      return true;
    }
  }
}

absl::StatusOr<CsvReader::Step> CsvReader::ReadField(std::string& field) {
  COMMONWAGE_ASSIGN_OR_RETURN(const int first, PeekByte());
  const bool quoted = first == '"';
  if (quoted) {
    COMMONWAGE_RETURN_IF_ERROR(ReadQuoted(field));
  }
  for (;;) {
    COMMONWAGE_ASSIGN_OR_RETURN(int byte, NextByte());
    if (byte == '\r') {
      COMMONWAGE_ASSIGN_OR_RETURN(const int after, PeekByte());
      if (after == '\n') {
        COMMONWAGE_ASSIGN_OR_RETURN(byte, NextByte());
      }
    }
    if (byte == ',') {
      return Step::kContinue;
    }
    if (byte == '\n' || byte == kEnd) {
      ++line_;
      return Step::kRowEnds;
    }
    // Nothing may follow the closing quote, and no quote may open later.
    if (quoted || byte == '"' || field.size() >= kMaxRowBytes) {
      return Malformed();
    }
    field.push_back(static_cast<char>(byte));
  }
}

absl::Status CsvReader::ReadQuoted(std::string& field) {
  COMMONWAGE_RETURN_IF_ERROR(NextByte().status());
  for (;;) {
    COMMONWAGE_ASSIGN_OR_RETURN(const int byte, NextByte());
    if (byte == kEnd || field.size() >= kMaxRowBytes) {
      return Malformed();
    }
    if (byte == '"') {
      COMMONWAGE_ASSIGN_OR_RETURN(const int after, PeekByte());
      if (after != '"') {
        return absl::OkStatus();
      }
      COMMONWAGE_RETURN_IF_ERROR(NextByte().status());
    }
    line_ += byte == '\n' ? 1 : 0;
    field.push_back(static_cast<char>(byte));
  }
}

absl::StatusOr<int> CsvReader::PeekByte() {
  if (position_ == chunk_.size()) {
    COMMONWAGE_ASSIGN_OR_RETURN(chunk_, source_());
    position_ = 0;
  }
  if (chunk_.empty()) {
    return kEnd;
  }
  return static_cast<unsigned char>(chunk_[position_]);
}

absl::StatusOr<int> CsvReader::NextByte() {
  COMMONWAGE_ASSIGN_OR_RETURN(const int byte, PeekByte());
  position_ += byte == kEnd ? 0 : 1;
  return byte;
}

absl::Status CsvReader::SkipByteOrderMark() {
  constexpr absl::string_view kMark = "\xEF\xBB\xBF";
  for (const char expected : kMark) {
    COMMONWAGE_ASSIGN_OR_RETURN(const int byte, PeekByte());
    if (byte != static_cast<unsigned char>(expected)) {
      return absl::OkStatus();
    }
    ++position_;
  }
  return absl::OkStatus();
}

absl::Status CsvReader::Malformed() const {
  return Refusal(absl::StatusCode::kInvalidArgument, "CSV_MALFORMED",
                 absl::StrCat("Line ", row_line_,
                              " of the records is not valid CSV: check its "
                              "quotes and its length."));
}

}  // namespace commonwage::server::release_sim
