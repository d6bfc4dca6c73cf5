// SPDX-License-Identifier: Apache-2.0
// What the two sources of a union office's roll share: members and rounds meet
// in the places that every member has in every round with a key.

#ifndef COMMONWAGE_STORAGE_MEMBERS_PLACES_H_
#define COMMONWAGE_STORAGE_MEMBERS_PLACES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/error.h"

namespace commonwage::storage {

// Gives every member a row in every round that has a key.
inline constexpr absl::string_view kAddPlaces =
    "INSERT INTO granted SELECT round, member.id, zeroblob(32) "
    "FROM issuing_key CROSS JOIN member WHERE private_key IS NOT NULL "
    "ORDER BY round, member.id ON CONFLICT DO NOTHING";

// Returns NOT_FOUND (UNKNOWN_ROUND).
inline absl::Status NoIssuingKey() {
  return Refusal(Reason::kUnknownRound,
                 "There is no issuing key for this round; make one with "
                 "`key create`, or check the round's name.");
}

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_MEMBERS_PLACES_H_
