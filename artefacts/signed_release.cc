// SPDX-License-Identifier: Apache-2.0
#include "artefacts/signed_release.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "artefacts/artefact_hash.h"
#include "artefacts/signers.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "survey/domain_labels.h"
#include "survey/inbox_file.h"

namespace commonwage::artefacts {
namespace {

// What the survey's key signs after kCountedInboxLabel.
std::string CountedInboxBytes(absl::string_view release_bytes,
                              absl::string_view inbox_digest) {
  return absl::StrCat(HashOfRelease(release_bytes).view(), inbox_digest);
}

absl::Status ReleaseFileMalformed() {
  return Refusal(Reason::kReleaseFileMalformed,
                 "This is not a release file, or it is cut short; use the "
                 "file that publish wrote.");
}

// Sets signers, manifest and inbox digest of `checked`, whose file is there.
absl::Status CheckSignatures(CheckedRelease& checked) {
  const v1::SignedRelease& file = checked.file;
  const v1::CountedInbox& inbox = file.counted_inbox();
  if (inbox.digest().size() != kInboxDigestSize) {
    return ReleaseFileMalformed();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<crypto::VerifyKey> of_release,
      CheckSigners(file.signatures(), kReleaseSignatureLabel, file.release()));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<crypto::VerifyKey> of_inbox,
      CheckSigners(inbox.signatures(), kCountedInboxLabel,
                   CountedInboxBytes(file.release(), inbox.digest())));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.manifest, CheckManifest(file.manifest()));
  checked.inbox_digest = inbox.digest();
  checked.signers = SignersOfBoth(SignersOfBoth(of_release, of_inbox),
                                  checked.manifest.signers);
  if (checked.signers.empty()) {
    return Refusal(Reason::kStewardSignatureRefused,
                   "Release, manifest and the inbox's name are signed by "
                   "different keys; ask the steward for the file again.");
  }
  return absl::OkStatus();
}

}  // namespace

v1::CountedInbox SignCountedInbox(absl::string_view release_bytes,
                                  absl::string_view inbox_digest,
                                  const crypto::SigningKey& survey_key) {
  v1::CountedInbox inbox;
  inbox.set_digest(std::string(inbox_digest));
  *inbox.add_signatures() =
      SignWith(survey_key, kCountedInboxLabel,
               CountedInboxBytes(release_bytes, inbox_digest));
  return inbox;
}

absl::StatusOr<CheckedRelease> ReadSignedRelease(absl::string_view file) {
  CheckedRelease checked;
  if (!checked.file.ParseFromArray(file.data(),
                                   static_cast<int>(file.size()))) {
    return ReleaseFileMalformed();
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckSignatures(checked));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.release,
                              ParseRelease(checked.file.release()));
  if (checked.release.manifest_hash != checked.manifest.hash) {
    return Refusal(Reason::kReleaseOfAnotherManifest,
                   "The release was made under another manifest than the one "
                   "that comes with it; ask the steward for it again.");
  }
  COMMONWAGE_RETURN_IF_ERROR(
      CheckReleaseAgainst(checked.release, checked.manifest.manifest));
  return checked;
}

}  // namespace commonwage::artefacts
