// SPDX-License-Identifier: Apache-2.0
#include "storage/signed_bytes.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

#include "base/error.h"

namespace commonwage::storage {

std::string WriteSignatures(const std::vector<DetachedSignature>& signatures) {
  std::string bytes;
  for (const DetachedSignature& each : signatures) {
    absl::StrAppend(&bytes, each.key.view(), each.signature.view());
  }
  return bytes;
}

absl::StatusOr<std::vector<DetachedSignature>> ReadSignatures(
    absl::string_view bytes) {
  constexpr size_t kKeySize = crypto::VerifyKey::kSize;
  constexpr size_t kEntrySize = kKeySize + crypto::Signature::kSize;
  if (bytes.size() % kEntrySize != 0) {
    return Refusal(Reason::kDatabaseDamaged,
                   "The database is damaged; restore it from a backup.");
  }
  std::vector<DetachedSignature> signatures;
  for (; !bytes.empty(); bytes.remove_prefix(kEntrySize)) {
    signatures.push_back({*crypto::VerifyKey::From(bytes.substr(0, kKeySize)),
                          *crypto::Signature::From(bytes.substr(
                              kKeySize, crypto::Signature::kSize))});
  }
  return signatures;
}

}  // namespace commonwage::storage
