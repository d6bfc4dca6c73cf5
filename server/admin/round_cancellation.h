// SPDX-License-Identifier: Apache-2.0
// A round that its steward has called off, on the online host.

#ifndef COMMONWAGE_SERVER_ADMIN_ROUND_CANCELLATION_H_
#define COMMONWAGE_SERVER_ADMIN_ROUND_CANCELLATION_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/admin/admin_host.h"
#include "server/admin/step_result.h"

namespace commonwage::server::admin {

// Takes in a cancellation file, if the round's survey key signed it for the
// manifest that was imported, and then erases the round's submissions and their
// key, as ImportRelease does. A round that is set aside is called off all the
// same, whatever state its inbox is in: what setting aside kept can be opened
// by nobody any more. The server notices within a second.
//
// Fails with NOT_FOUND (UNKNOWN_ROUND), FAILED_PRECONDITION
// (SURVEY_KEY_DIFFERS), INVALID_ARGUMENT (CANCELLATION_OF_ANOTHER_MANIFEST),
// ALREADY_EXISTS (RELEASE_EXISTS): a release beats a cancellation; as
// ReadSignedCancellation, Catalogue::ImportCancellation and
// AdminHost::EraseInbox do. Repeat it if it fails in the middle.
absl::StatusOr<StepResult> ImportCancellation(
    AdminHost& host, absl::string_view cancellation_file);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_ROUND_CANCELLATION_H_
