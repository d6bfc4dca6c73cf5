// SPDX-License-Identifier: Apache-2.0
// Members as tables that spreadsheets write and read: what a union office has,
// and what it prints letters from.

#ifndef COMMONWAGE_SERVER_ISSUER_MEMBER_LIST_H_
#define COMMONWAGE_SERVER_ISSUER_MEMBER_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/member_identity.h"

namespace commonwage::server::issuer {

inline constexpr size_t kMaxMemberListBytes = size_t{64} << 20;

// What a person may say of a list.
struct ListOptions {
  std::string column;    // Which one names the members; empty: one we know.
  std::string encoding;  // As DecodeList takes it.
};

// A member that a list names.
struct ListedMember {
  std::string place;  // Such as "line 3".
  MemberIdentity identity;
};

// Reads the members that a table names: those of the one column whose name we
// know in some language, or that `options` says, in any place; other columns
// are ignored. Cells are separated by commas, semicolons or tabs, whichever the
// head line has, or by what a line such as "sep=;" in front says.
//
// An apostrophe in front of = + - or @ is not part of the member (see
// WriteCodeList). Lines without any content are passed over.
//
// Fails as DecodeList; with INVALID_ARGUMENT (MEMBER_COLUMN_UNKNOWN), telling
// the names of columns, if none or more than one can be meant;
// (MEMBER_LIST_FAULTY) if lines are at fault: FaultsOf() names them, and
// repeats nothing of them.
absl::StatusOr<std::vector<ListedMember>> ReadMemberList(
    absl::string_view bytes, const ListOptions& options,
    const MemberIdentifier& identifier);

// Returns the error of a list with `faults`.
absl::Status MemberListFaulty(const std::vector<Fault>& faults);

// How many faults are told at once.
inline constexpr size_t kMaxListFaults = 20;

// Returns codes as CSV with the columns "member" and "code", which a
// spreadsheet can open: a member whose reference would begin a formula there
// gets an apostrophe in front, and ReadMemberList takes it away again.
// Reveals: the codes.
std::string WriteCodeList(absl::Span<const LetterCode> codes);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_MEMBER_LIST_H_
