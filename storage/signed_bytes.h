// SPDX-License-Identifier: Apache-2.0
// What was signed, exactly as it was signed, with its detached signatures.
// Stores keep and return these bytes and never write them anew.

#ifndef COMMONWAGE_STORAGE_SIGNED_BYTES_H_
#define COMMONWAGE_STORAGE_SIGNED_BYTES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/signature.h"

namespace commonwage::storage {

struct DetachedSignature {
  crypto::VerifyKey key;
  crypto::Signature signature;

  friend bool operator==(const DetachedSignature&,
                         const DetachedSignature&) = default;
};

struct SignedBytes {
  std::string bytes;
  std::vector<DetachedSignature> signatures;  // The survey key's first.

  friend bool operator==(const SignedBytes&, const SignedBytes&) = default;
};

// Returns the signatures as one byte string: key, signature, key, signature...
std::string WriteSignatures(const std::vector<DetachedSignature>& signatures);

// Reads what WriteSignatures wrote.
// Fails with DATA_LOSS (DATABASE_DAMAGED) on any other length.
absl::StatusOr<std::vector<DetachedSignature>> ReadSignatures(
    absl::string_view bytes);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_SIGNED_BYTES_H_
