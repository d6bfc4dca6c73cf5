// SPDX-License-Identifier: Apache-2.0
// The signed manifest: the file of a round's rules, from the steward to
// operator and union office; servers show the same to everybody.

#ifndef COMMONWAGE_ARTEFACTS_SIGNED_MANIFEST_H_
#define COMMONWAGE_ARTEFACTS_SIGNED_MANIFEST_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "survey/manifest.h"

namespace commonwage::artefacts {

// No file of its kind is larger.
inline constexpr size_t kMaxSignedManifestBytes = kMaxManifestBytes + 65536;

// A manifest whose signatures hold. Whose they are is the caller's to judge.
struct CheckedManifest {
  Manifest manifest;
  ManifestHash hash;
  v1::SignedManifest file;
  std::vector<crypto::VerifyKey> signers;  // At least one.
};

// Signs the exact bytes of a manifest with the survey's key.
v1::SignedManifest SignManifest(absl::string_view manifest_bytes,
                                const crypto::SigningKey& survey_key);

// Checks and reads a manifest; nothing of it is read before its signatures
// hold.
//
// Fails with FAILED_PRECONDITION (STEWARD_SIGNATURE_REFUSED) if there is no
// signature or any does not hold; and as ParseManifest does.
absl::StatusOr<CheckedManifest> CheckManifest(v1::SignedManifest file);

// As above, of a serialised SignedManifest. Fails as CheckManifest does, and
// with INVALID_ARGUMENT (MANIFEST_FILE_MALFORMED) if it is no such file.
absl::StatusOr<CheckedManifest> ReadSignedManifest(absl::string_view file);

}  // namespace commonwage::artefacts

#endif  // COMMONWAGE_ARTEFACTS_SIGNED_MANIFEST_H_
