// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/text/composed_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/typed_text.h"
#include "crypto/internal/text/composition_data.h"
#include "crypto/secret.h"

namespace commonwage::crypto {
namespace {

// No character is made of more.
constexpr size_t kMaxParts = 4;

// Hangul's syllables: a leading consonant, a vowel, and perhaps a trailing one.
constexpr char32_t kFirstSyllable = 0xac00;
constexpr char32_t kFirstLeading = 0x1100;
constexpr char32_t kFirstVowel = 0x1161;
constexpr char32_t kNoTrailing = 0x11a7;
constexpr char32_t kLeadings = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kTrailings = 28;  // With none.
constexpr char32_t kSyllables = kLeadings * kVowels * kTrailings;

// Characters in guarded memory.
class Characters {
 public:
  explicit Characters(size_t most) : bytes_((most + 1) * sizeof(char32_t)) {}

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] char32_t at(size_t position) const {
    char32_t character = 0;
    std::memcpy(&character,
                bytes_.Expose().data() + position * sizeof character,
                sizeof character);
    return character;
  }
  void Set(size_t position, char32_t character) {
    std::memcpy(bytes_.ExposeForWriting().data() + position * sizeof character,
                &character, sizeof character);
  }
  void Append(char32_t character) { Set(size_++, character); }
  void Swap(size_t one, size_t other) {
    const char32_t character = at(one);
    Set(one, at(other));
    Set(other, character);
  }
  void Truncate(size_t size) { size_ = size; }

 private:
  SecretBytes bytes_;
  size_t size_ = 0;
};

// Unicode's space separators; other blanks are no part of a passphrase's words.
bool IsSpaceSeparator(char32_t character) {
  return character == 0xa0 || character == 0x1680 ||
         (character >= 0x2000 && character <= 0x200a) || character == 0x202f ||
         character == 0x205f || character == 0x3000;
}

uint8_t CombiningClassOf(char32_t character) {
  const absl::Span<const CombiningRange> ranges = CombiningRanges();
  const auto* after =
      std::upper_bound(ranges.begin(), ranges.end(), character,
                       [](char32_t value, const CombiningRange& range) {
                         return value < range.first;
                       });
  if (after == ranges.begin() || character > (after - 1)->last) {
    return 0;
  }
  return (after - 1)->combining_class;
}

// Returns the entry of `table` whose first number is `key`, or nullptr.
template <typename Row>
const Row* FindRow(absl::Span<const Row> table, char32_t Row::*first,
                   char32_t key) {
  const auto* row = std::lower_bound(
      table.begin(), table.end(), key,
      [first](const Row& one, char32_t value) { return one.*first < value; });
  return row != table.end() && row->*first == key ? row : nullptr;
}

// Appends what `character` is made of.
void Decompose(char32_t character, Characters& out) {
  const char32_t syllable = character - kFirstSyllable;
  if (character >= kFirstSyllable && syllable < kSyllables) {
    out.Append(kFirstLeading + syllable / (kVowels * kTrailings));
    out.Append(kFirstVowel + syllable / kTrailings % kVowels);
    if (syllable % kTrailings != 0) {
      out.Append(kNoTrailing + syllable % kTrailings);
    }
    return;
  }
  if (const auto* singleton = FindRow(CanonicalSingletons(),
                                      &CanonicalSingleton::other, character)) {
    Decompose(singleton->plain, out);
    return;
  }
  if (const auto* pair =
          FindRow(CanonicalPairs(), &CanonicalPair::composed, character)) {
    Decompose(pair->first, out);
    Decompose(pair->second, out);
    return;
  }
  out.Append(character);
}

// Puts marks that stand on one character into the order of their classes.
void OrderMarks(Characters& characters) {
  for (size_t i = 1; i < characters.size(); ++i) {
    const uint8_t own = CombiningClassOf(characters.at(i));
    for (size_t at = i; own != 0 && at > 0; --at) {
      if (CombiningClassOf(characters.at(at - 1)) <= own) {
        break;
      }
      characters.Swap(at - 1, at);
    }
  }
}

// Returns the one character that these two make, if there is one.
std::optional<char32_t> ComposePair(char32_t first, char32_t second) {
  const char32_t leading = first - kFirstLeading;
  const char32_t vowel = second - kFirstVowel;
  if (leading < kLeadings && vowel < kVowels) {
    return kFirstSyllable + (leading * kVowels + vowel) * kTrailings;
  }
  const char32_t syllable = first - kFirstSyllable;
  const char32_t trailing = second - kNoTrailing;
  if (syllable < kSyllables && syllable % kTrailings == 0 && trailing > 0 &&
      trailing < kTrailings) {
    return first + trailing;
  }
  for (const CanonicalPair& pair : CanonicalPairs()) {
    const absl::Span<const char32_t> apart = PairsThatStayApart();
    if (pair.first == first && pair.second == second &&
        !std::binary_search(apart.begin(), apart.end(), pair.composed)) {
      return pair.composed;
    }
  }
  return std::nullopt;
}

// Puts together what was taken apart. A mark reaches its character over other
// marks of lower classes only.
void Compose(Characters& characters) {
  std::optional<size_t> starter;
  int before =
      -1;  // The class of the last mark kept; -1: none since `starter`.
  size_t kept = 0;
  for (size_t i = 0; i < characters.size(); ++i) {
    const char32_t character = characters.at(i);
    const int own = CombiningClassOf(character);
    const std::optional<char32_t> composed =
        starter.has_value() && before < own
            ? ComposePair(characters.at(*starter), character)
            : std::nullopt;
    if (composed.has_value()) {
      characters.Set(*starter, *composed);
      continue;
    }
    if (own == 0) {
      starter = kept;
    }
    before = own == 0 ? -1 : own;
    characters.Set(kept++, character);
  }
  characters.Truncate(kept);
}

SecretBytes ToUtf8(const Characters& characters) {
  std::string text;
  // So that nothing is left behind where it grew.
  text.reserve(characters.size() * kMaxParts);
  for (size_t i = 0; i < characters.size(); ++i) {
    AppendCharacter(characters.at(i), text);
  }
  SecretBytes result = SecretBytes::From(text);
  Wipe(text);
  return result;
}

}  // namespace

SecretBytes ComposedText(absl::string_view text) {
  if (!IsUtf8(text)) {
    return SecretBytes::From(text);
  }
  Characters characters(CountCharacters(text) * kMaxParts);
  while (!text.empty()) {
    const char32_t character = *TakeCharacter(text);
    Decompose(IsSpaceSeparator(character) ? U' ' : character, characters);
  }
  OrderMarks(characters);
  Compose(characters);
  return ToUtf8(characters);
}

}  // namespace commonwage::crypto
