// SPDX-License-Identifier: Apache-2.0
#include "artefacts/signed_manifest.h"

#include <string>
#include <utility>

#include "absl/status/status.h"

#include "artefacts/artefact_hash.h"
#include "artefacts/signers.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "survey/domain_labels.h"

namespace commonwage::artefacts {

v1::SignedManifest SignManifest(absl::string_view manifest_bytes,
                                const crypto::SigningKey& survey_key) {
  v1::SignedManifest file;
  file.set_manifest(std::string(manifest_bytes));
  *file.add_signatures() =
      SignWith(survey_key, kManifestSignatureLabel, manifest_bytes);
  return file;
}

absl::StatusOr<CheckedManifest> CheckManifest(v1::SignedManifest file) {
  CheckedManifest checked;
  COMMONWAGE_ASSIGN_OR_RETURN(
      checked.signers, CheckSigners(file.signatures(), kManifestSignatureLabel,
                                    file.manifest()));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.manifest, ParseManifest(file.manifest()));
  checked.hash = HashOfManifest(file.manifest());
  checked.file = std::move(file);
  return checked;
}

absl::StatusOr<CheckedManifest> ReadSignedManifest(absl::string_view file) {
  v1::SignedManifest message;
  if (!message.ParseFromArray(file.data(), static_cast<int>(file.size()))) {
    return Refusal(Reason::kManifestFileMalformed,
                   "This is not a manifest file, or it is cut short; use the "
                   "file that round create wrote.");
  }
  return CheckManifest(std::move(message));
}

}  // namespace commonwage::artefacts
