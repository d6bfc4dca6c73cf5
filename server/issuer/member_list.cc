// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_list.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "server/issuer/issuer_store.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::string_view kMemberColumn = "member";
constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr size_t kMaxFaults = 20;

// Takes one record off the front of `csv`: its fields, unquoted, or nullopt if
// a quote is never closed. Counts the lines it spans into `line`.
std::optional<std::vector<std::string>> TakeRecord(absl::string_view& csv,
                                                   size_t& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  while (!csv.empty()) {
    const char c = csv.front();
    csv.remove_prefix(1);
    if (c == '\n') {
      ++line;
    }
    if (c == '"' && quoted && absl::ConsumePrefix(&csv, "\"")) {
      fields.back() += '"';
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      fields.back() += c;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return quoted ? std::nullopt : std::make_optional(std::move(fields));
}

absl::Status Faulty(const std::vector<Fault>& faults) {
  return RefusalOfFields(
      absl::StatusCode::kInvalidArgument, "MEMBER_LIST_FAULTY",
      "The list of members has faults; nothing was changed.", faults);
}

}  // namespace

bool IsMemberReference(absl::string_view reference) {
  return !reference.empty() && reference.size() <= kMaxReferenceBytes &&
         std::none_of(reference.begin(), reference.end(), [](char c) {
           return absl::ascii_iscntrl(static_cast<unsigned char>(c));
         });
}

absl::StatusOr<std::vector<std::string>> ParseMemberList(
    absl::string_view csv) {
  absl::ConsumePrefix(&csv, kByteOrderMark);
  size_t line = 1;
  const auto head = TakeRecord(csv, line);
  const auto column = head.has_value()
                          ? std::find(head->begin(), head->end(), kMemberColumn)
                          : std::vector<std::string>::const_iterator();
  if (!head.has_value() || column == head->end()) {
    return Faulty({{"line 1", "there must be a column named member"}});
  }
  const auto position = static_cast<size_t>(column - head->begin());
  std::vector<std::string> references;
  std::set<std::string> seen;
  std::vector<Fault> faults;
  while (!csv.empty() && faults.size() < kMaxFaults) {
    const std::string place = absl::StrCat("line ", line);
    const auto record = TakeRecord(csv, line);
    if (!record.has_value()) {
      faults.push_back({place, "a quotation mark is never closed"});
      break;
    }
    if (record->size() == 1 && record->front().empty()) {
      continue;  // An empty line.
    }
    if (record->size() <= position || !IsMemberReference((*record)[position])) {
      faults.push_back(
          {place, "the member must be 1 to 64 characters on one line"});
    } else if (!seen.insert((*record)[position]).second) {
      faults.push_back({place, "the member is there twice"});
    } else {
      references.push_back((*record)[position]);
    }
  }
  if (!faults.empty()) {
    return Faulty(faults);
  }
  return references;
}

std::string WriteCodeList(absl::Span<const NewCode> codes) {
  std::string csv = "member,code\r\n";
  for (const NewCode& code : codes) {
    absl::StrAppend(&csv, "\"",
                    absl::StrReplaceAll(code.reference, {{"\"", "\"\""}}),
                    "\",", code.code, "\r\n");
  }
  return csv;
}

}  // namespace commonwage::server::issuer
