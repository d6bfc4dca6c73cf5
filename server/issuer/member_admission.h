// SPDX-License-Identifier: Apache-2.0
// Who of those that somebody names is on the roll, who is new, and who cannot
// be told from somebody else.

#ifndef COMMONWAGE_SERVER_ISSUER_MEMBER_ADMISSION_H_
#define COMMONWAGE_SERVER_ISSUER_MEMBER_ADMISSION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "server/issuer/member_identity.h"
#include "server/issuer/member_list.h"
#include "storage/members/member_roll.h"

namespace commonwage::server::issuer {

// What becomes of a new member who looks like another one.
enum class LookAlikes {
  kRefused,
  kAreOthers,  // Whoever names them says that they are other people.
};

// Returns the references to add to a roll of `members`: who is there already,
// in whatever spelling, as the roll spells them, and who is new.
//
// Fails with INVALID_ARGUMENT (MEMBER_LIST_FAULTY), naming both places, if a
// member is listed twice, or a new one differs from another of the list or the
// roll by zeros only, or looks like one. Two who are on the roll already stay
// two.
// Reveals: in the faults, the references at fault, to the office that has them.
absl::StatusOr<std::vector<std::string>> AdmitMembers(
    absl::Span<const ListedMember> listed,
    absl::Span<const storage::MemberSummary> members, LookAlikes look_alikes,
    const MemberIdentifier& identifier);

// Returns the references, as the roll spells them, of those that a person
// named, each once.
//
// Fails with NOT_FOUND (MEMBER_UNKNOWN) and one fault for each that is not on
// the roll, saying whom it looks like.
absl::StatusOr<std::vector<std::string>> FindMembers(
    absl::Span<const std::string> named,
    absl::Span<const storage::MemberSummary> members,
    const MemberIdentifier& identifier);

// Returns the members that a person named one by one.
// Fails with INVALID_ARGUMENT (MEMBER_LIST_FAULTY).
absl::StatusOr<std::vector<ListedMember>> NamedMembers(
    absl::Span<const std::string> named, const MemberIdentifier& identifier);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_MEMBER_ADMISSION_H_
