// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/list_records.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::server::issuer {
namespace {

absl::Status FaultyLine(size_t line, absl::string_view sentence) {
  return RefusalOfFields(
      Reason::kMemberListFaulty,
      "The list of members has faults; nothing was changed.",
      {{absl::StrCat("line ", line), std::string(sentence)}});
}

}  // namespace

bool RecordReader::TakeLineEnd() {
  if (!absl::ConsumePrefix(&rest_, "\r\n") &&
      !absl::ConsumePrefix(&rest_, "\n") &&
      !absl::ConsumePrefix(&rest_, "\r")) {
    return false;
  }
  ++line_;
  return true;
}

bool RecordReader::AtEndOfCell() const {
  return rest_.empty() || rest_.front() == '\n' || rest_.front() == '\r' ||
         absl::StrContains(separators_, rest_.front());
}

absl::StatusOr<std::string> RecordReader::TakeQuotedCell() {
  const size_t opened = line_;
  std::string cell;
  while (!rest_.empty()) {
    const char c = rest_.front();
    if (TakeLineEnd()) {
      cell += '\n';
      continue;
    }
    rest_.remove_prefix(1);
    if (c != '"' || absl::ConsumePrefix(&rest_, "\"")) {
      cell += c;
      continue;
    }
    if (AtEndOfCell()) {
      return cell;
    }
    return FaultyLine(line_,
                      "something follows the quotation mark that closes a "
                      "cell");
  }
  return FaultyLine(opened, "a quotation mark is never closed");
}

absl::StatusOr<std::string> RecordReader::TakeCell() {
  if (absl::ConsumePrefix(&rest_, "\"")) {
    return TakeQuotedCell();
  }
  std::string cell;
  while (!AtEndOfCell()) {
    if (rest_.front() == '"') {
      return FaultyLine(line_,
                        "there is a quotation mark inside a cell that does not "
                        "begin with one");
    }
    cell += rest_.front();
    rest_.remove_prefix(1);
  }
  return cell;
}

absl::StatusOr<ListRecord> RecordReader::Next() {
  ListRecord record{.line = line_, .cells = {}};
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(std::string cell, TakeCell());
    record.cells.push_back(std::move(cell));
    if (rest_.empty() || TakeLineEnd()) {
      return record;
    }
    rest_.remove_prefix(1);
  }
}

}  // namespace commonwage::server::issuer
