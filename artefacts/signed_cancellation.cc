// SPDX-License-Identifier: Apache-2.0
#include "artefacts/signed_cancellation.h"

#include "absl/status/status.h"

#include "artefacts/signers.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "survey/cancellation.h"
#include "survey/domain_labels.h"

namespace commonwage::artefacts {

absl::StatusOr<CheckedCancellation> ReadSignedCancellation(
    absl::string_view file) {
  CheckedCancellation checked;
  if (!checked.file.ParseFromArray(file.data(),
                                   static_cast<int>(file.size())) ||
      checked.file.cancellation().empty()) {
    return Refusal(Reason::kCancellationFileMalformed,
                   "This is not a cancellation file, or it is cut short; use "
                   "the file that round cancel wrote.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<crypto::VerifyKey> signers,
      CheckSigners(checked.file.signatures(), kCancellationSignatureLabel,
                   checked.file.cancellation()));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.manifest,
                              CheckManifest(checked.file.manifest()));
  checked.signers = SignersOfBoth(signers, checked.manifest.signers);
  if (checked.signers.empty()) {
    return Refusal(Reason::kStewardSignatureRefused,
                   "The cancellation and its manifest are signed by different "
                   "keys; ask the steward for the file again.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const Cancellation cancellation,
                              ParseCancellation(checked.file.cancellation()));
  if (cancellation.manifest_hash != checked.manifest.hash) {
    return Refusal(Reason::kCancellationOfAnotherManifest,
                   "The cancellation is of another manifest than the one that "
                   "comes with it; ask the steward for it again.");
  }
  return checked;
}

bool CallsOff(const v1::SignedCancellation& cancellation,
              const ManifestHash& manifest_hash,
              const crypto::VerifyKey& survey_key) {
  if (!IsAmong(
          VerifySigners(cancellation.signatures(), kCancellationSignatureLabel,
                        cancellation.cancellation()),
          survey_key)) {
    return false;
  }
  const absl::StatusOr<Cancellation> parsed =
      ParseCancellation(cancellation.cancellation());
  return parsed.ok() && parsed->manifest_hash == manifest_hash;
}

}  // namespace commonwage::artefacts
