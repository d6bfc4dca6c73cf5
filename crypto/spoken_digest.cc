// SPDX-License-Identifier: Apache-2.0
#include "crypto/spoken_digest.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"

#include "base/error.h"
#include "crypto/internal/twelve_words.h"

namespace commonwage::crypto {

std::string SpokenDigest(const Digest& digest) {
  return TwelveWords(digest.view());
}

absl::StatusOr<bool> IsSpokenDigest(const Digest& digest,
                                    absl::string_view typed) {
  const std::string lower = absl::AsciiStrToLower(typed);
  const std::string words = CompleteTwelveWords(GroupsOf(lower));
  if (words.empty()) {
    return Refusal(Reason::kDigestWordsMalformed,
                   "These are not twelve words of our list; please compare "
                   "what was typed.");
  }
  return words == SpokenDigest(digest);
}

}  // namespace commonwage::crypto
