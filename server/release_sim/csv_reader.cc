// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/csv_reader.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"

namespace commonwage::server::release_sim {

absl::StatusOr<bool> CsvReader::ReadRow(std::vector<std::string>& fields) {
  SkipByteOrderMark();
  bool empty = true;
  bool well_formed = true;
  while (empty && well_formed && PeekByte() != kEnd) {
    row_line_ = line_;
    well_formed = ReadFields(fields);
    empty = fields.size() == 1 && fields.front().empty();
  }
  if (!status_.ok()) {
    return status_;
  }
  if (!well_formed) {
    return Refusal(Reason::kCsvMalformed,
                   absl::StrCat("Line ", row_line_,
                                " of the records is not valid CSV: check its "
                                "quotes and its length."));
  }
  return !empty;
}

bool CsvReader::ReadFields(std::vector<std::string>& fields) {
  fields.clear();
  size_t row_bytes = 0;
  do {
    std::string& field = fields.emplace_back();
    const bool well_formed =
        PeekByte() == '"' ? ReadQuoted(field) : ReadPlain(field);
    row_bytes += field.size() + 1;
    if (!well_formed || row_bytes > kMaxRowBytes) {
      return false;
    }
  } while (ReadComma());
  return true;
}

bool CsvReader::ReadQuoted(std::string& field) {
  NextByte();
  for (;;) {
    const int byte = NextByte();
    if (byte == kEnd || field.size() >= kMaxRowBytes) {
      return false;
    }
    if (byte == '"' && PeekByte() != '"') {
      return FieldEnds();
    }
    if (byte == '"') {
      NextByte();
    }
    line_ += byte == '\n' ? 1 : 0;
    field.push_back(static_cast<char>(byte));
  }
}

bool CsvReader::ReadPlain(std::string& field) {
  for (int byte = PeekByte(); byte != ',' && byte != '\n' && byte != kEnd;
       byte = PeekByte()) {
    if (byte == '"' || field.size() >= kMaxRowBytes) {
      return false;
    }
    field.push_back(static_cast<char>(NextByte()));
  }
  // Of a line end in two bytes, the first.
  if (PeekByte() == '\n' && !field.empty() && field.back() == '\r') {
    field.pop_back();
  }
  return true;
}

bool CsvReader::FieldEnds() {
  const bool carriage_return = PeekByte() == '\r';
  if (carriage_return) {
    NextByte();
  }
  const int byte = PeekByte();
  return byte == '\n' || byte == kEnd || (byte == ',' && !carriage_return);
}

bool CsvReader::ReadComma() {
  const int byte = NextByte();
  line_ += byte == ',' ? 0 : 1;
  return byte == ',';
}

int CsvReader::PeekByte() {
  if (position_ == chunk_.size() && status_.ok()) {
    absl::StatusOr<std::string> next = source_();
    status_ = next.status();
    chunk_ = next.ok() ? *std::move(next) : "";
    position_ = 0;
  }
  if (position_ == chunk_.size()) {
    return kEnd;
  }
  return static_cast<unsigned char>(chunk_[position_]);
}

int CsvReader::NextByte() {
  const int byte = PeekByte();
  position_ += byte == kEnd ? 0 : 1;
  return byte;
}

void CsvReader::SkipByteOrderMark() {
  constexpr absl::string_view kMark = "\xEF\xBB\xBF";
  for (size_t i = 0; i < kMark.size() && !started_; ++i) {
    if (PeekByte() != static_cast<unsigned char>(kMark[i])) {
      break;
    }
    ++position_;
  }
  started_ = true;
}

}  // namespace commonwage::server::release_sim
