// SPDX-License-Identifier: Apache-2.0
// Signed files as stores keep them, and back.

#ifndef COMMONWAGE_SERVER_COMMAND_STORED_FILES_H_
#define COMMONWAGE_SERVER_COMMAND_STORED_FILES_H_

#include "absl/status/statusor.h"

#include "commonwage/v1/round.pb.h"
#include "storage/signed_bytes.h"

namespace commonwage::server {

// Return the bytes and signatures of a manifest, a release or a cancellation.
// Fail with FAILED_PRECONDITION (STEWARD_SIGNATURE_REFUSED) if a key or
// signature does not have its length.
absl::StatusOr<storage::SignedBytes> StoredFormOf(
    const v1::SignedManifest& file);
absl::StatusOr<storage::SignedBytes> StoredFormOf(
    const v1::SignedRelease& file);
absl::StatusOr<storage::SignedBytes> StoredFormOf(
    const v1::SignedCancellation& file);

// Return the file of what was stored.
v1::SignedManifest ManifestFileOf(const storage::SignedBytes& manifest);
v1::SignedRelease ReleaseFileOf(const storage::SignedBytes& release,
                                const storage::SignedBytes& manifest);
v1::SignedCancellation CancellationFileOf(
    const storage::SignedBytes& cancellation,
    const storage::SignedBytes& manifest);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_COMMAND_STORED_FILES_H_
