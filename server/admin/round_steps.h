// SPDX-License-Identifier: Apache-2.0
// What the steps of a round's life share.

#ifndef COMMONWAGE_SERVER_ADMIN_ROUND_STEPS_H_
#define COMMONWAGE_SERVER_ADMIN_ROUND_STEPS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/signature.h"
#include "server/admin/admin_host.h"
#include "server/admin/step_result.h"
#include "storage/catalogue/catalogue.h"
#include "storage/signed_bytes.h"

namespace commonwage::server::admin {

// Returns NOT_FOUND (UNKNOWN_ROUND).
absl::Status RoundUnknown();

// Returns FAILED_PRECONDITION (SURVEY_KEY_DIFFERS).
absl::Status SignedByAnother();

// Fails with FAILED_PRECONDITION (ROUND_SET_ASIDE): what happens to a round
// needs its inbox, and setting aside keeps that as it is.
absl::Status RefuseSetAside(const storage::RoundSummary& round);

// Fails with FAILED_PRECONDITION (ROUND_CANCELLED).
absl::Status RefuseCancelled(const storage::RoundSummary& round);

// Fails as RoundUnknown.
absl::StatusOr<storage::StoredRound> GetRound(AdminHost& host,
                                              absl::string_view round_id);

absl::StatusOr<StepResult> ResultFor(AdminHost& host,
                                     const storage::RoundSummary& round,
                                     bool repeated);

// Puts the signature of the survey's `key` first in what is stored.
// Fails with FAILED_PRECONDITION (SURVEY_KEY_DIFFERS) if it is not there.
absl::Status PutFirst(const crypto::VerifyKey& key,
                      storage::SignedBytes& stored);

// Erases the submissions of a round that has its release or was called off.
// Neither is undone, so this may be repeated until it is through.
// Fails as AdminHost::EraseInbox and Catalogue::MarkErased do.
absl::Status Erase(AdminHost& host, absl::string_view round_id);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_ROUND_STEPS_H_
