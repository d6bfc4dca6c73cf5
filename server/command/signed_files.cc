// SPDX-License-Identifier: Apache-2.0
#include "server/command/signed_files.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "survey/cancellation.h"
#include "survey/inbox_file.h"
#include "survey/labels.h"

#include <google/protobuf/repeated_ptr_field.h>

namespace commonwage::command {
namespace {

v1::Signature SignatureOver(absl::string_view label, absl::string_view bytes,
                            const crypto::SigningKey& key) {
  v1::Signature signature;
  signature.set_verify_key(std::string(key.verify_key().view()));
  signature.set_signature(std::string(key.Sign(label, bytes).view()));
  return signature;
}

// One bad signature refuses the file: nobody's honest tool writes one.
absl::StatusOr<std::vector<crypto::VerifyKey>> CheckSignatures(
    const google::protobuf::RepeatedPtrField<v1::Signature>& signatures,
    absl::string_view label, absl::string_view bytes) {
  const absl::Status refused = Refusal(
      absl::StatusCode::kInvalidArgument, "SIGNATURE_REFUSED",
      "The file's signature does not hold: it was altered on the way, or is "
      "not from a steward; ask the steward for it again.");
  std::vector<crypto::VerifyKey> signers;
  for (const v1::Signature& entry : signatures) {
    const auto key = crypto::VerifyKey::From(entry.verify_key());
    const auto signature = crypto::Signature::From(entry.signature());
    if (!key.has_value() || !signature.has_value() ||
        !crypto::Verify(*key, label, bytes, *signature)) {
      return refused;
    }
    signers.push_back(*key);
  }
  if (signers.empty()) {
    return refused;
  }
  return signers;
}

absl::StatusOr<CheckedManifest> CheckManifest(v1::SignedManifest file) {
  CheckedManifest checked;
  COMMONWAGE_ASSIGN_OR_RETURN(
      checked.signers,
      CheckSignatures(file.signatures(), kManifestSignatureLabel,
                      file.manifest()));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.manifest, ParseManifest(file.manifest()));
  checked.hash = HashOfManifest(file.manifest());
  checked.file = std::move(file);
  return checked;
}

// What the survey's key signs after kCountedInboxLabel.
std::string CountedInboxBytes(absl::string_view release_bytes,
                              absl::string_view inbox_digest) {
  return absl::StrCat(crypto::Sha256(kReleaseHashLabel, release_bytes).view(),
                      inbox_digest);
}

// Those of `keys` that are among `others`, too.
std::vector<crypto::VerifyKey> InBoth(
    const std::vector<crypto::VerifyKey>& keys,
    const std::vector<crypto::VerifyKey>& others) {
  std::vector<crypto::VerifyKey> both;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(both),
               [&](const crypto::VerifyKey& key) {
                 return std::find(others.begin(), others.end(), key) !=
                        others.end();
               });
  return both;
}

absl::Status SignedByDifferentKeys(absl::string_view what) {
  return Refusal(absl::StatusCode::kInvalidArgument, "SIGNATURE_REFUSED",
                 absl::StrCat(what,
                              " are signed by different keys; ask the steward "
                              "for the file again."));
}

absl::Status ReleaseFileMalformed() {
  return Refusal(absl::StatusCode::kInvalidArgument, "RELEASE_FILE_MALFORMED",
                 "This is not a release file, or it is cut short; use the "
                 "file that publish wrote.");
}

// Sets signers, manifest and inbox digest of `checked`, whose file is there.
absl::Status CheckSigners(CheckedRelease& checked) {
  const v1::SignedRelease& file = checked.file;
  const v1::CountedInbox& inbox = file.counted_inbox();
  if (inbox.digest().size() != kInboxDigestSize) {
    return ReleaseFileMalformed();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<crypto::VerifyKey> of_release,
      CheckSignatures(file.signatures(), kReleaseSignatureLabel,
                      file.release()));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<crypto::VerifyKey> of_inbox,
      CheckSignatures(inbox.signatures(), kCountedInboxLabel,
                      CountedInboxBytes(file.release(), inbox.digest())));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.manifest, CheckManifest(file.manifest()));
  checked.inbox_digest = inbox.digest();
  checked.signers =
      InBoth(InBoth(of_release, of_inbox), checked.manifest.signers);
  if (checked.signers.empty()) {
    return SignedByDifferentKeys("Release, manifest and the inbox's name");
  }
  return absl::OkStatus();
}

}  // namespace

ManifestHash HashOfManifest(absl::string_view manifest_bytes) {
  const std::optional<ManifestHash> hash = ManifestHash::From(
      crypto::Sha256(kManifestHashLabel, manifest_bytes).view());
  COMMONWAGE_CHECK(hash.has_value());
  return *hash;
}

v1::SignedManifest SignManifest(absl::string_view manifest_bytes,
                                const crypto::SigningKey& survey_key) {
  v1::SignedManifest file;
  file.set_manifest(std::string(manifest_bytes));
  *file.add_signatures() =
      SignatureOver(kManifestSignatureLabel, manifest_bytes, survey_key);
  return file;
}

v1::SignedRelease SignRelease(absl::string_view release_bytes,
                              v1::SignedManifest manifest,
                              absl::string_view inbox_digest,
                              const crypto::SigningKey& survey_key) {
  v1::SignedRelease file;
  file.set_release(std::string(release_bytes));
  *file.add_signatures() =
      SignatureOver(kReleaseSignatureLabel, release_bytes, survey_key);
  *file.mutable_manifest() = std::move(manifest);
  *file.mutable_counted_inbox() =
      SignCountedInbox(release_bytes, inbox_digest, survey_key);
  return file;
}

v1::SignedCancellation SignCancellation(absl::string_view cancellation_bytes,
                                        v1::SignedManifest manifest,
                                        const crypto::SigningKey& survey_key) {
  v1::SignedCancellation file;
  file.set_cancellation(std::string(cancellation_bytes));
  *file.add_signatures() = SignatureOver(kCancellationSignatureLabel,
                                         cancellation_bytes, survey_key);
  *file.mutable_manifest() = std::move(manifest);
  return file;
}

v1::CountedInbox SignCountedInbox(absl::string_view release_bytes,
                                  absl::string_view inbox_digest,
                                  const crypto::SigningKey& survey_key) {
  v1::CountedInbox inbox;
  inbox.set_digest(std::string(inbox_digest));
  *inbox.add_signatures() =
      SignatureOver(kCountedInboxLabel,
                    CountedInboxBytes(release_bytes, inbox_digest), survey_key);
  return inbox;
}

absl::StatusOr<CheckedManifest> ReadSignedManifest(absl::string_view file) {
  v1::SignedManifest message;
  if (!message.ParseFromArray(file.data(), static_cast<int>(file.size()))) {
    return Refusal(absl::StatusCode::kInvalidArgument,
                   "MANIFEST_FILE_MALFORMED",
                   "This is not a manifest file, or it is cut short; use the "
                   "file that round create wrote.");
  }
  return CheckManifest(std::move(message));
}

absl::StatusOr<CheckedRelease> ReadSignedRelease(absl::string_view file) {
  CheckedRelease checked;
  if (!checked.file.ParseFromArray(file.data(),
                                   static_cast<int>(file.size()))) {
    return ReleaseFileMalformed();
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckSigners(checked));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.release,
                              ParseRelease(checked.file.release()));
  if (checked.release.manifest_hash != checked.manifest.hash) {
    return Refusal(absl::StatusCode::kInvalidArgument,
                   "RELEASE_OF_ANOTHER_MANIFEST",
                   "The release was made under another manifest than the one "
                   "that comes with it; ask the steward for it again.");
  }
  COMMONWAGE_RETURN_IF_ERROR(
      CheckReleaseAgainst(checked.release, checked.manifest.manifest));
  return checked;
}

absl::StatusOr<CheckedCancellation> ReadSignedCancellation(
    absl::string_view file) {
  CheckedCancellation checked;
  if (!checked.file.ParseFromArray(file.data(),
                                   static_cast<int>(file.size())) ||
      checked.file.cancellation().empty()) {
    return Refusal(absl::StatusCode::kInvalidArgument,
                   "CANCELLATION_FILE_MALFORMED",
                   "This is not a cancellation file, or it is cut short; use "
                   "the file that round cancel wrote.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<crypto::VerifyKey> signers,
      CheckSignatures(checked.file.signatures(), kCancellationSignatureLabel,
                      checked.file.cancellation()));
  COMMONWAGE_ASSIGN_OR_RETURN(checked.manifest,
                              CheckManifest(checked.file.manifest()));
  checked.signers = InBoth(signers, checked.manifest.signers);
  if (checked.signers.empty()) {
    return SignedByDifferentKeys("The cancellation and its manifest");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const Cancellation cancellation,
                              ParseCancellation(checked.file.cancellation()));
  if (cancellation.manifest_hash != checked.manifest.hash) {
    return Refusal(absl::StatusCode::kInvalidArgument,
                   "CANCELLATION_OF_ANOTHER_MANIFEST",
                   "The cancellation is of another manifest than the one that "
                   "comes with it; ask the steward for it again.");
  }
  return checked;
}

}  // namespace commonwage::command
