// SPDX-License-Identifier: Apache-2.0
#include "server/command/operator_key_file.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/typed_text.h"

namespace commonwage::server {
namespace {

constexpr absl::string_view kFirstWord = "commonwage-operator-key-1";

}  // namespace

std::string WriteOperatorKeyFile(const crypto::VerifyKey& key) {
  return absl::StrCat(kFirstWord, " ", absl::BytesToHexString(key.view()),
                      "\n");
}

absl::StatusOr<crypto::VerifyKey> ReadOperatorKeyFile(absl::string_view file) {
  const std::vector<absl::string_view> parts = SplitTyped(file, IsBlank);
  if (parts.size() == 2 && parts[0] == kFirstWord &&
      parts[1].size() == 2 * crypto::VerifyKey::kSize &&
      std::all_of(parts[1].begin(), parts[1].end(), absl::ascii_isxdigit)) {
    return *crypto::VerifyKey::From(HexToBytes(parts[1]));
  }
  return Refusal(Reason::kOperatorKeyMalformed,
                 "This is not an operator's key file, or not all of it; "
                 "commonwage-admin receipt-key --out writes them.");
}

}  // namespace commonwage::server
