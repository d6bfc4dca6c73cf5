// SPDX-License-Identifier: Apache-2.0
#include "server/command/stored_files.h"

#include <string>

#include "absl/status/status.h"

#include "base/error.h"
#include "crypto/signature.h"

#include <google/protobuf/repeated_ptr_field.h>

namespace commonwage::server {
namespace {

using Signatures = google::protobuf::RepeatedPtrField<v1::Signature>;

absl::StatusOr<storage::SignedBytes> StoredFormOf(
    const std::string& bytes, const Signatures& signatures) {
  storage::SignedBytes stored;
  stored.bytes = bytes;
  for (const v1::Signature& entry : signatures) {
    const auto key = crypto::VerifyKey::From(entry.verify_key());
    const auto signature = crypto::Signature::From(entry.signature());
    if (!key.has_value() || !signature.has_value()) {
      return Refusal(Reason::kStewardSignatureRefused,
                     "A signature in the file is not of the right size; ask "
                     "the steward for the file again.");
    }
    stored.signatures.push_back({*key, *signature});
  }
  return stored;
}

void AddSignatures(const storage::SignedBytes& stored, Signatures& out) {
  for (const storage::DetachedSignature& entry : stored.signatures) {
    v1::Signature& signature = *out.Add();
    signature.set_verify_key(std::string(entry.key.view()));
    signature.set_signature(std::string(entry.signature.view()));
  }
}

}  // namespace

absl::StatusOr<storage::SignedBytes> StoredFormOf(
    const v1::SignedManifest& file) {
  return StoredFormOf(file.manifest(), file.signatures());
}

absl::StatusOr<storage::SignedBytes> StoredFormOf(
    const v1::SignedRelease& file) {
  return StoredFormOf(file.release(), file.signatures());
}

absl::StatusOr<storage::SignedBytes> StoredFormOf(
    const v1::SignedCancellation& file) {
  return StoredFormOf(file.cancellation(), file.signatures());
}

v1::SignedManifest ManifestFileOf(const storage::SignedBytes& manifest) {
  v1::SignedManifest file;
  file.set_manifest(manifest.bytes);
  AddSignatures(manifest, *file.mutable_signatures());
  return file;
}

v1::SignedRelease ReleaseFileOf(const storage::SignedBytes& release,
                                const storage::SignedBytes& manifest) {
  v1::SignedRelease file;
  file.set_release(release.bytes);
  AddSignatures(release, *file.mutable_signatures());
  *file.mutable_manifest() = ManifestFileOf(manifest);
  return file;
}

v1::SignedCancellation CancellationFileOf(
    const storage::SignedBytes& cancellation,
    const storage::SignedBytes& manifest) {
  v1::SignedCancellation file;
  file.set_cancellation(cancellation.bytes);
  AddSignatures(cancellation, *file.mutable_signatures());
  *file.mutable_manifest() = ManifestFileOf(manifest);
  return file;
}

}  // namespace commonwage::server
