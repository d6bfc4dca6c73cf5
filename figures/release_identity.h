// SPDX-License-Identifier: Apache-2.0
// What identifies a release wherever it is spoken of: its digest, the manifest
// that it was made under, its name, its citation.

#ifndef COMMONWAGE_FIGURES_RELEASE_IDENTITY_H_
#define COMMONWAGE_FIGURES_RELEASE_IDENTITY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/round.pb.h"
#include "crypto/hash.h"
#include "privacy/estimate/summary.h"
#include "survey/manifest.h"

namespace commonwage::figures {

// A release, without its figures.
struct ReleaseIdentity {
  crypto::Digest digest;  // SHA-256(kReleaseHashLabel || artefact).
  ManifestHash manifest_hash;
  Admission admission = Admission::kOpen;
  Audience audience = Audience::kPublic;
};

// A release that figures can be taken from.
struct LoadedRelease {
  ReleaseIdentity identity;
  privacy::estimate::Figures figures;
};

// Returns the identity of the release of which `artefact` is the bytes, made
// under `manifest`, whose hash is `manifest_hash`.
ReleaseIdentity IdentityOf(absl::string_view artefact, const Manifest& manifest,
                           const ManifestHash& manifest_hash);

// Fails with PERMISSION_DENIED, READER_KEY_REQUIRED if the statistics of the
// release are not for everybody. Every door asks before it opens one.
absl::Status CheckAudience(const ReleaseIdentity& identity);

// Returns the resource name of the release of a round: "releases/<round_id>".
std::string ReleaseName(absl::string_view round_id);

// Returns the round whose release a request's field "name" names.
//
// Fails with INVALID_ARGUMENT, REQUEST_FAULTY.
absl::StatusOr<std::string> ParseReleaseName(absl::string_view name);

// Returns the release's own part of a citation:
// "couriers.2026-q1 sha256:0123...".
std::string ReleaseCitation(absl::string_view round_id,
                            const ReleaseIdentity& identity);

v1::Admission ToProto(Admission admission);

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_RELEASE_IDENTITY_H_
