// SPDX-License-Identifier: Apache-2.0
// The signed release as it travels back from the steward to the operator: with
// its manifest, and with the word which inbox was counted.

#ifndef COMMONWAGE_ARTEFACTS_SIGNED_RELEASE_H_
#define COMMONWAGE_ARTEFACTS_SIGNED_RELEASE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "artefacts/signed_manifest.h"
#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "survey/release.h"

namespace commonwage::artefacts {

// No file of its kind is larger: a release holds at most 8 million nodes.
inline constexpr size_t kMaxSignedReleaseBytes = size_t{128} << 20;

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

// Signs that the release was made of the inbox with that digest.
v1::CountedInbox SignCountedInbox(absl::string_view release_bytes,
                                  absl::string_view inbox_digest,
                                  const crypto::SigningKey& survey_key);

// Reads a serialised SignedRelease.
//
// Fails with INVALID_ARGUMENT: RELEASE_FILE_MALFORMED (also if it does not say
// which inbox was counted), RELEASE_OF_ANOTHER_MANIFEST if it names another
// manifest than the one that comes with it; and as ReadSignedManifest,
// ParseRelease and CheckReleaseAgainst do.
absl::StatusOr<CheckedRelease> ReadSignedRelease(absl::string_view file);

}  // namespace commonwage::artefacts

#endif  // COMMONWAGE_ARTEFACTS_SIGNED_RELEASE_H_
