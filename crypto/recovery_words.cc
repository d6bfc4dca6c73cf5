// SPDX-License-Identifier: Apache-2.0
#include "crypto/recovery_words.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "base/error.h"
#include "base/typed_text.h"
#include "crypto/hash.h"
#include "crypto/internal/wiped.h"
#include "crypto/internal/word_bits.h"
#include "crypto/internal/word_list.h"

namespace commonwage::crypto {
namespace {

constexpr absl::string_view kChecksumLabel = "commonwage/v1/recovery-words";
constexpr size_t kSeedSize = 32;
// The seed and one byte of checksum: 24 words without a bit to spare.
using Payload = Wiped<kSeedSize + 1>;
static_assert(Payload::kSize * 8 == kRecoveryWordCount * kBitsPerWord);

uint8_t ChecksumOf(absl::string_view seed) {
  return *Sha256(kChecksumLabel, seed).data();
}

// What may stand between words: nothing that could be a part of one.
bool IsBetweenWords(char32_t character) {
  const char32_t narrow = NarrowForm(character);
  const bool ascii = narrow < 0x80;
  const auto byte = static_cast<unsigned char>(ascii ? narrow : 0);
  return IsBlank(character) || IsDash(character) ||
         (ascii && !absl::ascii_isalpha(byte)) || character == U'\u2022' ||
         character == U'\u00b7' || character == U'\u3001' ||
         character == U'\u060c';
}

absl::Status UnknownWords(const std::vector<size_t>& positions) {
  if (positions.size() == 1) {
    return Refusal(
        Reason::kRecoveryWordUnknown,
        absl::StrCat("Word ", positions.front(),
                     " is not one of our recovery words; please check its "
                     "spelling."));
  }
  return Refusal(Reason::kRecoveryWordUnknown,
                 absl::StrCat("Words ", absl::StrJoin(positions, ", "),
                              " are not among our recovery words; please check "
                              "their spelling."));
}

}  // namespace

SecretBytes RecoveryWords(const Secret<32>& seed) {
  Payload payload;
  std::copy_n(seed.Expose().begin(), kSeedSize, payload.data());
  payload.data()[kSeedSize] = ChecksumOf(seed.ExposeText());
  size_t length = kRecoveryWordCount - 1;
  for (size_t i = 0; i < kRecoveryWordCount; ++i) {
    length += WordAt(WordIndexAt(payload.view(), i)).size();
  }
  SecretBytes text(length);
  auto out = text.ExposeForWriting().begin();
  for (size_t i = 0; i < kRecoveryWordCount; ++i) {
    if (i > 0) {
      *out++ = ' ';
    }
    const absl::string_view word = WordAt(WordIndexAt(payload.view(), i));
    out = std::copy(word.begin(), word.end(), out);
  }
  return text;
}

size_t CountRecoveryWords(absl::string_view words) {
  return SplitTyped(words, IsBetweenWords).size();
}

absl::StatusOr<Secret<32>> SeedFromRecoveryWords(absl::string_view words) {
  const std::vector<absl::string_view> typed =
      SplitTyped(words, IsBetweenWords);
  if (typed.size() != kRecoveryWordCount) {
    return Refusal(Reason::kRecoveryWordCount,
                   absl::StrCat("Exactly ", kRecoveryWordCount,
                                " recovery words are needed; you gave ",
                                typed.size(), "."));
  }
  Payload payload;
  std::vector<size_t> unknown;
  for (size_t i = 0; i < typed.size(); ++i) {
    std::string word = absl::AsciiStrToLower(typed[i]);
    const std::optional<size_t> index = FindWord(word);
    Wipe(word);
    if (index.has_value()) {
      SetWordIndexAt(payload.span(), i, *index);
    } else {
      unknown.push_back(i + 1);
    }
  }
  if (!unknown.empty()) {
    return UnknownWords(unknown);
  }
  std::optional<Secret<32>> seed =
      Secret<32>::From(payload.view().substr(0, kSeedSize));
  if (!seed.has_value() ||
      payload.data()[kSeedSize] != ChecksumOf(seed->ExposeText())) {
    return Refusal(Reason::kRecoveryWordsMismatch,
                   "All of these are recovery words, but they do not belong "
                   "together: please check their order, and words that look "
                   "alike.");
  }
  return *std::move(seed);
}

}  // namespace commonwage::crypto
