// SPDX-License-Identifier: Apache-2.0
// How the operator's steps find a round, and refuse it in the same words.

#ifndef COMMONWAGE_SERVER_OPERATOR_ROUND_ACCESS_H_
#define COMMONWAGE_SERVER_OPERATOR_ROUND_ACCESS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/operator/operator_host.h"
#include "storage/catalogue.h"

namespace commonwage::server::operators {

// Returns a FAILED_PRECONDITION of that reason.
absl::Status Refused(absl::string_view reason, absl::string_view sentence);

// Returns NOT_FOUND (UNKNOWN_ROUND).
absl::Status RoundUnknown();

// Returns FAILED_PRECONDITION (SURVEY_KEY_DIFFERS).
absl::Status SignedByAnother();

// Fails as RoundUnknown if there is no such round; as Catalogue::FindRound
// does.
absl::StatusOr<storage::StoredRound> GetRound(OperatorHost& host,
                                              absl::string_view round_id);

// Fails with FAILED_PRECONDITION (ROUND_SET_ASIDE) if the round is set aside:
// what happens to a round needs its inbox, and that stays as it is.
absl::Status RefuseSetAside(const storage::RoundSummary& round);

}  // namespace commonwage::server::operators

#endif  // COMMONWAGE_SERVER_OPERATOR_ROUND_ACCESS_H_
