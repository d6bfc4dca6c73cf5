// SPDX-License-Identifier: Apache-2.0
// Members as CSV: what a union office has, and what it prints letters from.

#ifndef COMMONWAGE_SERVER_ISSUER_MEMBER_LIST_H_
#define COMMONWAGE_SERVER_ISSUER_MEMBER_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "server/issuer/issuer_store.h"

namespace commonwage::server::issuer {

inline constexpr size_t kMaxReferenceBytes = 64;
inline constexpr size_t kMaxMemberListBytes = size_t{64} << 20;

// Reads references: the column "member" of a CSV with a head line (RFC 4180
// quoting), other columns ignored.
//
// Fails with INVALID_ARGUMENT (MEMBER_LIST_FAULTY) if there is no such column
// or lines are at fault; FaultsOf() names them by line number, without their
// content.
absl::StatusOr<std::vector<std::string>> ParseMemberList(absl::string_view csv);

// Whether `reference` can name a member: 1 to 64 bytes, no control characters.
bool IsMemberReference(absl::string_view reference);

// Returns codes as CSV with the columns "member" and "code".
// Reveals: the codes.
std::string WriteCodeList(absl::Span<const NewCode> codes);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_MEMBER_LIST_H_
