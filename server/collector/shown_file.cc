// SPDX-License-Identifier: Apache-2.0
#include "server/collector/shown_file.h"

#include <string>

#include <google/protobuf/repeated_ptr_field.h>

namespace commonwage::server::collector {
namespace {

void AddSignatures(const storage::SignedBytes& stored,
                   google::protobuf::RepeatedPtrField<v1::Signature>& out) {
  for (const storage::DetachedSignature& by : stored.signatures) {
    v1::Signature& signature = *out.Add();
    signature.set_verify_key(std::string(by.key.view()));
    signature.set_signature(std::string(by.signature.view()));
  }
}

}  // namespace

v1::SignedManifest ShownManifest(const storage::SignedBytes& manifest) {
  v1::SignedManifest file;
  file.set_manifest(manifest.bytes);
  AddSignatures(manifest, *file.mutable_signatures());
  return file;
}

v1::SignedCancellation ShownCancellation(
    const storage::SignedBytes& cancellation) {
  v1::SignedCancellation file;
  file.set_cancellation(cancellation.bytes);
  AddSignatures(cancellation, *file.mutable_signatures());
  return file;
}

}  // namespace commonwage::server::collector
