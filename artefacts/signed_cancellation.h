// SPDX-License-Identifier: Apache-2.0
// The signed cancellation: the steward's word that a round was called off, to
// operator and union office; servers show the same, without the manifest.

#ifndef COMMONWAGE_ARTEFACTS_SIGNED_CANCELLATION_H_
#define COMMONWAGE_ARTEFACTS_SIGNED_CANCELLATION_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "artefacts/signed_manifest.h"
#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "survey/manifest.h"

namespace commonwage::artefacts {

// No file of its kind is larger.
inline constexpr size_t kMaxSignedCancellationBytes =
    kMaxSignedManifestBytes + 65536;

// A cancellation whose signatures hold, of the manifest that comes with it,
// which is signed as well, and by one of the cancellation's signers.
struct CheckedCancellation {
  v1::SignedCancellation file;
  std::vector<crypto::VerifyKey> signers;  // Of cancellation and manifest.
  CheckedManifest manifest;
};

// Reads a serialised SignedCancellation. Whether the round has a release, which
// would beat it, is the caller's to know.
//
// Fails with INVALID_ARGUMENT: CANCELLATION_FILE_MALFORMED,
// CANCELLATION_OF_ANOTHER_MANIFEST if it names another manifest than the one
// that comes with it; and as ReadSignedManifest and ParseCancellation do.
absl::StatusOr<CheckedCancellation> ReadSignedCancellation(
    absl::string_view file);

// Whether `cancellation` calls off the round of this manifest, signed by the
// survey's key.
bool CallsOff(const v1::SignedCancellation& cancellation,
              const ManifestHash& manifest_hash,
              const crypto::VerifyKey& survey_key);

}  // namespace commonwage::artefacts

#endif  // COMMONWAGE_ARTEFACTS_SIGNED_CANCELLATION_H_
