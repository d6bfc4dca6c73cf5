// SPDX-License-Identifier: Apache-2.0
// The signed files that travel between steward and operator: the manifest out,
// the release back, or a cancellation.

#ifndef COMMONWAGE_SERVER_COMMAND_SIGNED_FILES_H_
#define COMMONWAGE_SERVER_COMMAND_SIGNED_FILES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "survey/manifest.h"
#include "survey/release.h"

namespace commonwage::command {

// No file of its kind is larger: a release holds at most 8 million nodes.
inline constexpr size_t kMaxSignedManifestBytes = kMaxManifestBytes + 65536;
inline constexpr size_t kMaxSignedReleaseBytes = size_t{128} << 20;
inline constexpr size_t kMaxSignedCancellationBytes =
    kMaxSignedManifestBytes + 65536;

// A manifest whose signatures hold. Whose they are is the caller's to judge.
struct CheckedManifest {
  Manifest manifest;
  ManifestHash hash;
  v1::SignedManifest file;
  std::vector<crypto::VerifyKey> signers;  // At least one.
};

// A release whose signatures hold, and which fits the manifest that comes with
// it; one key at least has signed the release, that manifest, and which inbox
// was counted.
struct CheckedRelease {
  Release release;
  v1::SignedRelease file;
  std::vector<crypto::VerifyKey> signers;  // Of all three.
  CheckedManifest manifest;
  std::string inbox_digest;  // Of the inbox that was counted.
};

// A cancellation whose signatures hold, of the manifest that comes with it,
// which is signed as well, and by one of the cancellation's signers.
struct CheckedCancellation {
  v1::SignedCancellation file;
  std::vector<crypto::VerifyKey> signers;  // Of cancellation and manifest.
  CheckedManifest manifest;
};

// Returns SHA-256(label || manifest bytes).
ManifestHash HashOfManifest(absl::string_view manifest_bytes);

// Signs the exact bytes of a manifest, a release or a cancellation with the
// survey's key.
v1::SignedManifest SignManifest(absl::string_view manifest_bytes,
                                const crypto::SigningKey& survey_key);
v1::SignedRelease SignRelease(absl::string_view release_bytes,
                              v1::SignedManifest manifest,
                              absl::string_view inbox_digest,
                              const crypto::SigningKey& survey_key);
v1::SignedCancellation SignCancellation(absl::string_view cancellation_bytes,
                                        v1::SignedManifest manifest,
                                        const crypto::SigningKey& survey_key);

// Signs that the release was made of the inbox with that digest.
v1::CountedInbox SignCountedInbox(absl::string_view release_bytes,
                                  absl::string_view inbox_digest,
                                  const crypto::SigningKey& survey_key);

// Reads a serialised SignedManifest.
//
// Fails with INVALID_ARGUMENT: MANIFEST_FILE_MALFORMED if it is no such file,
// SIGNATURE_REFUSED if there is no signature or any does not hold; and as
// ParseManifest does.
absl::StatusOr<CheckedManifest> ReadSignedManifest(absl::string_view file);

// Reads a serialised SignedRelease.
//
// Fails with INVALID_ARGUMENT: RELEASE_FILE_MALFORMED (also if it does not say
// which inbox was counted), SIGNATURE_REFUSED, RELEASE_OF_ANOTHER_MANIFEST if
// it names another manifest than the one that comes with it; and as
// ReadSignedManifest, ParseRelease and CheckReleaseAgainst do.
absl::StatusOr<CheckedRelease> ReadSignedRelease(absl::string_view file);

// Reads a serialised SignedCancellation. Whether the round has a release, which
// would beat it, is the caller's to know.
//
// Fails with INVALID_ARGUMENT: CANCELLATION_FILE_MALFORMED, SIGNATURE_REFUSED,
// CANCELLATION_OF_ANOTHER_MANIFEST if it names another manifest than the one
// that comes with it; and as ReadSignedManifest and ParseCancellation do.
absl::StatusOr<CheckedCancellation> ReadSignedCancellation(
    absl::string_view file);

}  // namespace commonwage::command

namespace commonwage::server {
namespace command = ::commonwage::command;
}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_COMMAND_SIGNED_FILES_H_
