// SPDX-License-Identifier: Apache-2.0
// Which members get a letter, and with which code.

#ifndef COMMONWAGE_SERVER_ISSUER_CODE_DELIVERY_H_
#define COMMONWAGE_SERVER_ISSUER_CODE_DELIVERY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "base/random_source.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/member_identity.h"

namespace commonwage::server::issuer {

// Whose codes are wanted.
struct CodeSelection {
  std::vector<std::string> members;  // Empty: all that have none yet.
  bool again = false;  // Also all whose code was drawn and not used yet.
  bool anew = false;   // New ones, for `members`; their old ones work no more.
};

// What is to be delivered.
struct Delivery {
  std::vector<std::string> references;  // By reference.
  size_t waiting = 0;  // How many more have a code that was not used yet.
};

// Returns who gets a letter. Draws nothing.
//
// Fails as FindMembers; with FAILED_PRECONDITION (CODE_USED) if a member that
// was named has a code that is not kept any more: then only a new one can be
// delivered.
absl::StatusOr<Delivery> PlanDelivery(IssuerStore& store,
                                      const CodeSelection& selection,
                                      const MemberIdentifier& identifier);

// Draws, durably, the codes that those of `delivery` lack, or all of them anew,
// and returns them all. If two programs deliver at once, both get the same,
// unless one draws anew: then the other's codes work no more.
// Fails as IssuerStore::DrawCodes and KeptCodes.
// Reveals: the codes.
absl::StatusOr<std::vector<LetterCode>> DrawDelivery(
    IssuerStore& store, const Delivery& delivery,
    const CodeSelection& selection, RandomSource& random);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_CODE_DELIVERY_H_
