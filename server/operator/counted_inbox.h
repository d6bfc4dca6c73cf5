// SPDX-License-Identifier: Apache-2.0
// Whether a release was made of the inbox that is here: what is erased must
// have been counted.

#ifndef COMMONWAGE_SERVER_OPERATOR_COUNTED_INBOX_H_
#define COMMONWAGE_SERVER_OPERATOR_COUNTED_INBOX_H_

#include "absl/status/status.h"

#include "crypto/signature.h"
#include "server/command/signed_files.h"
#include "server/operator/operator_host.h"
#include "storage/catalogue.h"

namespace commonwage::server::operators {

// Checks that `survey_key`, the pinned one, has signed that `release` was made
// of the sealed inbox of `round`, which has no release yet, or has this one.
//
// Fails with FAILED_PRECONDITION (SURVEY_KEY_DIFFERS) if that is another's
// word, (RELEASE_OF_ANOTHER_INBOX) if it is another inbox; as HeldInboxDigest
// does.
absl::Status CheckCountedInbox(OperatorHost& host,
                               const storage::StoredRound& round,
                               const command::CheckedRelease& release,
                               const crypto::VerifyKey& survey_key);

}  // namespace commonwage::server::operators

#endif  // COMMONWAGE_SERVER_OPERATOR_COUNTED_INBOX_H_
