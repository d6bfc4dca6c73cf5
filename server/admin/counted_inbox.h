// SPDX-License-Identifier: Apache-2.0
// Whether a release was made of the inbox that is here: what is erased must
// have been counted.

#ifndef COMMONWAGE_SERVER_ADMIN_COUNTED_INBOX_H_
#define COMMONWAGE_SERVER_ADMIN_COUNTED_INBOX_H_

#include "absl/status/status.h"

#include "artefacts/signed_release.h"
#include "crypto/signature.h"
#include "server/admin/admin_host.h"
#include "storage/catalogue/catalogue.h"

namespace commonwage::server::admin {

// Checks that `survey_key`, the pinned one, has signed that `release` was made
// of the sealed inbox of `round`, which has no release yet, or has this one.
//
// Fails with FAILED_PRECONDITION (SURVEY_KEY_DIFFERS) if that is another's
// word, (RELEASE_OF_ANOTHER_INBOX) if it is another inbox; as HeldInboxDigest
// does.
absl::Status CheckCountedInbox(AdminHost& host,
                               const storage::StoredRound& round,
                               const artefacts::CheckedRelease& release,
                               const crypto::VerifyKey& survey_key);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_COUNTED_INBOX_H_
