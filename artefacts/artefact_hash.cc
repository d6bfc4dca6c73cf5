// SPDX-License-Identifier: Apache-2.0
#include "artefacts/artefact_hash.h"

#include "survey/domain_labels.h"

namespace commonwage::artefacts {

ManifestHash HashOfManifest(absl::string_view manifest_bytes) {
  return *ManifestHash::From(
      crypto::Sha256(kManifestHashLabel, manifest_bytes).view());
}

crypto::Digest HashOfRelease(absl::string_view release_bytes) {
  return crypto::Sha256(kReleaseHashLabel, release_bytes);
}

}  // namespace commonwage::artefacts
