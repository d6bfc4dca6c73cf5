// SPDX-License-Identifier: Apache-2.0
// The hash by which an artefact is named, wherever it is kept, bound or cited.

#ifndef COMMONWAGE_ARTEFACTS_ARTEFACT_HASH_H_
#define COMMONWAGE_ARTEFACTS_ARTEFACT_HASH_H_

#include "absl/strings/string_view.h"

#include "crypto/hash.h"
#include "survey/manifest.h"

namespace commonwage::artefacts {

// Returns SHA-256(kManifestHashLabel || manifest bytes).
ManifestHash HashOfManifest(absl::string_view manifest_bytes);

// Returns SHA-256(kReleaseHashLabel || release bytes).
crypto::Digest HashOfRelease(absl::string_view release_bytes);

}  // namespace commonwage::artefacts

#endif  // COMMONWAGE_ARTEFACTS_ARTEFACT_HASH_H_
