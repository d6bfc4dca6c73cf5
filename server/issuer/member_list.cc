// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_list.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/list_records.h"
#include "server/issuer/list_text.h"
#include "server/issuer/member_identity.h"

namespace commonwage::server::issuer {
namespace {

// As ColumnKey has them: English, German, French, Spanish, Italian, Dutch,
// Polish, Swedish and Danish.
constexpr auto kMemberColumns =
    std::to_array<absl::string_view>({"member",
                                      "members",
                                      "memberid",
                                      "memberno",
                                      "membernr",
                                      "membernumber",
                                      "membershipid",
                                      "membershipno",
                                      "membershipnumber",
                                      "reference",
                                      "id",
                                      "mitglied",
                                      "mitglieder",
                                      "mitgliedid",
                                      "mitgliedsid",
                                      "mitgliednr",
                                      "mitgliedsnr",
                                      "mitgliednummer",
                                      "mitgliedsnummer",
                                      "mitgliedernummer",
                                      "membre",
                                      "numéromembre",
                                      "numérodemembre",
                                      "numérodadhérent",
                                      "nodadhérent",
                                      "ndadhérent",
                                      "adhérent",
                                      "socio",
                                      "númerodesocio",
                                      "nodesocio",
                                      "afiliado",
                                      "númerodeafiliado",
                                      "iscritto",
                                      "numerotessera",
                                      "tessera",
                                      "lid",
                                      "lidnummer",
                                      "lidnr",
                                      "członek",
                                      "nrczłonkowski",
                                      "numerczłonkowski",
                                      "medlem",
                                      "medlemsnummer",
                                      "medlemsnr",
                                      "medlemsid",
                                      "medlemnr",
                                      "medlemnummer"});

constexpr size_t kMaxColumnsShown = 12;
constexpr size_t kMaxColumnNameShown = 30;  // Characters.

// What a spreadsheet takes for the beginning of a formula; the wide forms too.
bool BeginsFormula(absl::string_view text) {
  if (text.empty()) {
    return false;
  }
  const std::optional<char32_t> first = TakeCharacter(text);
  const char32_t narrow = NarrowForm(first.value_or(0));
  return narrow == '=' || narrow == '+' || narrow == '-' || narrow == '@';
}

// Whether `text` is that, with any number of apostrophes in front.
bool BeginsFormulaUnquoted(absl::string_view text) {
  const size_t apostrophes = text.find_first_not_of('\'');
  return apostrophes != absl::string_view::npos &&
         BeginsFormula(text.substr(apostrophes));
}

// The head of a list, read one way.
struct Head {
  absl::string_view separators;
  std::vector<std::string> cells;
  std::vector<size_t> member_columns;  // Positions of those that may be meant.
};

bool MayBeMeant(const std::string& cell, const ListOptions& options) {
  const std::string key = ColumnKey(cell);
  if (options.column.empty()) {
    return std::find(kMemberColumns.begin(), kMemberColumns.end(), key) !=
           kMemberColumns.end();
  }
  // A name such as "#" has neither letters nor digits.
  return TrimTyped(cell) == TrimTyped(options.column) ||
         (!key.empty() && key == ColumnKey(options.column));
}

Head ReadHead(absl::string_view text, absl::string_view separators,
              const ListOptions& options) {
  Head head{.separators = separators, .cells = {}, .member_columns = {}};
  absl::StatusOr<ListRecord> record = RecordReader(text, separators).Next();
  if (!record.ok()) {
    return head;
  }
  head.cells = std::move(record->cells);
  for (size_t i = 0; i < head.cells.size(); ++i) {
    if (MayBeMeant(head.cells[i], options)) {
      head.member_columns.push_back(i);
    }
  }
  return head;
}

std::string Shown(absl::string_view name) {
  std::string shown;
  size_t count = 0;
  for (name = TrimTyped(name); !name.empty(); ++count) {
    const std::optional<char32_t> character = TakeCharacter(name);
    if (count == kMaxColumnNameShown) {
      return absl::StrCat(shown, "...");
    }
    if (!character.has_value()) {
      name.remove_prefix(1);
    }
    AppendCharacter(character.value_or(0xfffd), shown);
  }
  return shown;
}

absl::Status ColumnUnknown(absl::string_view cause, const Head& head) {
  std::vector<std::string> names;
  for (const std::string& cell : head.cells) {
    if (names.size() < kMaxColumnsShown && !TrimTyped(cell).empty()) {
      names.push_back(absl::StrCat("\"", Shown(cell), "\""));
    }
  }
  return Refusal(
      Reason::kMemberColumnUnknown,
      absl::StrCat(cause, " The head line has ",
                   names.empty() ? "no names" : absl::StrJoin(names, ", "),
                   ". Say which column has the members' numbers with --column "
                   "NAME, or call it \"member\"; a list without a head line "
                   "needs one."));
}

// Reads the head line as each separator would have it; one reading must have
// the column.
absl::StatusOr<Head> FindHead(absl::string_view text,
                              absl::string_view separators,
                              const ListOptions& options) {
  std::vector<Head> fitting;
  Head widest = ReadHead(text, separators, options);
  for (size_t i = 0; i < separators.size(); ++i) {
    Head head = ReadHead(text, separators.substr(i, 1), options);
    if (!head.member_columns.empty() && head.cells.size() > 1) {
      fitting.push_back(std::move(head));
    }
  }
  // One column alone: then no line has more, whatever separates cells.
  if (fitting.empty() && widest.cells.size() == 1 &&
      !widest.member_columns.empty()) {
    return widest;
  }
  if (fitting.empty() && widest.cells.empty()) {
    return RecordReader(text, separators).Next().status();
  }
  if (fitting.empty()) {
    return ColumnUnknown("No column is known to name the members.", widest);
  }
  if (fitting.size() > 1) {
    return ColumnUnknown(
        "What separates the cells can be read in two ways: put a line such as "
        "sep=; in front.",
        widest);
  }
  if (fitting.front().member_columns.size() > 1) {
    return ColumnUnknown("More than one column may name the members.",
                         fitting.front());
  }
  return fitting.front();
}

// Takes a line such as "sep=;" off the front; returns what it says, or all that
// there are.
absl::string_view TakeSeparatorLine(absl::string_view& text) {
  constexpr absl::string_view kBefore = "sep=";
  if (text.substr(0, kBefore.size()) != kBefore ||
      text.size() <= kBefore.size()) {
    return kCellSeparators;
  }
  const absl::string_view separator = text.substr(kBefore.size(), 1);
  absl::string_view rest = text.substr(kBefore.size() + 1);
  if (!absl::ConsumePrefix(&rest, "\r\n") &&
      !absl::ConsumePrefix(&rest, "\n") && !absl::ConsumePrefix(&rest, "\r")) {
    return kCellSeparators;
  }
  text = rest;
  return separator;
}

bool IsEmptyLine(const ListRecord& record) {
  return std::all_of(
      record.cells.begin(), record.cells.end(),
      [](const std::string& cell) { return TrimTyped(cell).empty(); });
}

absl::StatusOr<MemberIdentity> MemberOf(const ListRecord& record,
                                        const Head& head,
                                        const MemberIdentifier& identifier) {
  const size_t width = head.cells.size();
  const bool spills = std::any_of(
      record.cells.begin() +
          static_cast<std::ptrdiff_t>(std::min(width, record.cells.size())),
      record.cells.end(),
      [](const std::string& cell) { return !TrimTyped(cell).empty(); });
  if (spills) {
    return absl::InvalidArgumentError(
        "there are more cells than the head line has: if what separates them "
        "belongs to one, put it in quotation marks");
  }
  const size_t position = head.member_columns.front();
  absl::string_view cell;
  if (position < record.cells.size()) {
    cell = TrimTyped(record.cells[position]);
  }
  if (absl::StartsWith(cell, "'") && BeginsFormulaUnquoted(cell)) {
    cell.remove_prefix(1);
  }
  return identifier.Identify(cell);
}

}  // namespace

absl::Status MemberListFaulty(const std::vector<Fault>& faults) {
  return RefusalOfFields(Reason::kMemberListFaulty,
                         "The list of members has faults; nothing was changed.",
                         faults);
}

absl::StatusOr<std::vector<ListedMember>> ReadMemberList(
    absl::string_view bytes, const ListOptions& options,
    const MemberIdentifier& identifier) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string decoded,
                              DecodeList(bytes, options.encoding));
  absl::string_view text = decoded;
  const absl::string_view separators = TakeSeparatorLine(text);
  COMMONWAGE_ASSIGN_OR_RETURN(const Head head,
                              FindHead(text, separators, options));
  RecordReader reader(text, head.separators,
                      text.size() == decoded.size() ? 1 : 2);
  COMMONWAGE_RETURN_IF_ERROR(reader.Next().status());  // The head.
  std::vector<ListedMember> members;
  std::vector<Fault> faults;
  while (!reader.AtEnd() && faults.size() < kMaxListFaults) {
    COMMONWAGE_ASSIGN_OR_RETURN(const ListRecord record, reader.Next());
    if (IsEmptyLine(record)) {
      continue;
    }
    const std::string place = absl::StrCat("line ", record.line);
    absl::StatusOr<MemberIdentity> identity =
        MemberOf(record, head, identifier);
    if (identity.ok()) {
      members.push_back({place, *std::move(identity)});
    } else {
      faults.push_back({place, std::string(identity.status().message())});
    }
  }
  return faults.empty()
             ? absl::StatusOr<std::vector<ListedMember>>(std::move(members))
             : MemberListFaulty(faults);
}

std::string WriteCodeList(absl::Span<const LetterCode> codes) {
  std::string csv = "member,code\r\n";
  bool plain = true;
  for (const LetterCode& code : codes) {
    absl::StrAppend(&csv, "\"",
                    BeginsFormulaUnquoted(code.reference) ? "'" : "",
                    absl::StrReplaceAll(code.reference, {{"\"", "\"\""}}),
                    "\",", code.code, "\r\n");
    plain = plain && std::all_of(code.reference.begin(), code.reference.end(),
                                 [](char c) {
                                   return static_cast<unsigned char>(c) < 0x80;
                                 });
  }
  // Without its mark some spreadsheets take UTF-8 for something else.
  return plain ? csv : absl::StrCat(kByteOrderMark, csv);
}

}  // namespace commonwage::server::issuer
