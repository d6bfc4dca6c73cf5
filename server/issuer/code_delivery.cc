// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/code_delivery.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/random_source.h"
#include "base/status_macros.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/member_admission.h"
#include "server/issuer/member_identity.h"
#include "storage/members/member_roll.h"

namespace commonwage::server::issuer {
namespace {

using References = absl::flat_hash_set<std::string>;

// Those that were named, unless their codes are not kept any more.
absl::StatusOr<References> NamedOnes(
    const std::vector<storage::MemberSummary>& members,
    const CodeSelection& selection, const MemberIdentifier& identifier) {
  std::vector<storage::MemberSummary> present = members;
  present.erase(std::remove_if(present.begin(), present.end(),
                               [](const storage::MemberSummary& member) {
                                 return member.removed;
                               }),
                present.end());
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<std::string> found,
      FindMembers(selection.members, present, identifier));
  const References named(found.begin(), found.end());
  std::vector<Fault> faults;
  for (const storage::MemberSummary& member : present) {
    if (named.contains(member.reference) && member.has_code &&
        !member.code_kept && !selection.anew) {
      faults.push_back({"", absl::StrCat("\"", member.reference, "\"")});
    }
  }
  if (!faults.empty()) {
    return RefusalOfFields(
        Reason::kCodeUsed,
        "The codes of these members are not kept any more: they were used, or "
        "a round's key was destroyed since they were drawn. Say --new to draw "
        "new ones; the old ones then work no more.",
        faults);
  }
  return named;
}

}  // namespace

absl::StatusOr<Delivery> PlanDelivery(IssuerStore& store,
                                      const CodeSelection& selection,
                                      const MemberIdentifier& identifier) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<storage::MemberSummary> members,
                              store.roll().ListMembers());
  References named;
  if (!selection.members.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(named,
                                NamedOnes(members, selection, identifier));
  }
  Delivery delivery;
  for (const storage::MemberSummary& member : members) {
    const bool wanted =
        selection.members.empty()
            ? !member.removed &&
                  (!member.has_code || (member.code_kept && selection.again))
            : named.contains(member.reference);
    if (wanted) {
      delivery.references.push_back(member.reference);
    } else if (member.code_kept) {
      ++delivery.waiting;
    }
  }
  return delivery;
}

absl::StatusOr<std::vector<LetterCode>> DrawDelivery(
    IssuerStore& store, const Delivery& delivery,
    const CodeSelection& selection, RandomSource& random) {
  COMMONWAGE_RETURN_IF_ERROR(store.DrawCodes(
      delivery.references,
      selection.anew ? storage::OldCode::kReplaced : storage::OldCode::kStays,
      random));
  const References wanted(delivery.references.begin(),
                          delivery.references.end());
  return store.KeptCodes([&wanted](absl::string_view reference) {
    return wanted.contains(reference);
  });
}

}  // namespace commonwage::server::issuer
