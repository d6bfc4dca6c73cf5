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

absl::string_view WordsIn(absl::string_view text) {
  text = TrimTyped(text);
  if (absl::StartsWithIgnoreCase(text, kPrefix)) {
    text.remove_prefix(kPrefix.size());
  }
  return text;
}

}  // namespace

crypto::SecretBytes RecoveryQrText(const crypto::Secret<32>& seed) {
  const crypto::SecretBytes words = crypto::RecoveryWords(seed);
  std::string text =
      absl::StrCat(kPrefix, absl::AsciiStrToUpper(words.ExposeText()));
  crypto::SecretBytes result = crypto::SecretBytes::From(text);
  crypto::Wipe(text);
  return result;
}

bool IsWholeRecoveryText(absl::string_view text) {
  return crypto::CountRecoveryWords(WordsIn(text)) >=
         crypto::kRecoveryWordCount;
}

absl::StatusOr<crypto::Secret<32>> SeedFromRecoveryText(
    absl::string_view text) {
  return crypto::SeedFromRecoveryWords(WordsIn(text));
}

}  // namespace commonwage::client
