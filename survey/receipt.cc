// SPDX-License-Identifier: Apache-2.0
#include "survey/receipt.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "base/bytes.h"

namespace commonwage {

std::string ReceiptSignedBytes(const Receipt& receipt) {
  std::string bytes =
      absl::StrCat(receipt.manifest_hash.view(), receipt.frame_digest.view());
  AppendUint64(bytes, receipt.sequence);
  bytes.push_back(static_cast<char>(receipt.status));
  return bytes;
}

}  // namespace commonwage
