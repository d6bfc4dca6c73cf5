// SPDX-License-Identifier: Apache-2.0
#include "client/recovery_text.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "base/typed_text.h"
#include "crypto/recovery_words.h"

namespace commonwage::client {
namespace {

constexpr absl::string_view kPrefix = "COMMONWAGE:";

}  // namespace

crypto::SecretBytes RecoveryQrText(const crypto::Secret<32>& seed) {
  const crypto::SecretBytes words = crypto::RecoveryWords(seed);
  std::string text =
      absl::StrCat(kPrefix, absl::AsciiStrToUpper(words.ExposeText()));
  crypto::SecretBytes result = crypto::SecretBytes::From(text);
  crypto::Wipe(text);
  return result;
}

absl::StatusOr<crypto::Secret<32>> SeedFromRecoveryText(
    absl::string_view text) {
  text = TrimTyped(text);
  if (absl::StartsWithIgnoreCase(text, kPrefix)) {
    text.remove_prefix(kPrefix.size());
  }
  return crypto::SeedFromRecoveryWords(text);
}

}  // namespace commonwage::client
