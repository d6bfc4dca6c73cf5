// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/text/composed_text.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>

#include "base/typed_text.h"
#include "crypto/internal/text/composition_data.h"
#include "crypto/key_file.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::crypto {
namespace {

using testing::SeededRandom;

std::string Composed(absl::string_view text) {
  return std::string(ComposedText(text).ExposeText());
}

// ICU's opinion, of the characters that our tables know.
class Icu {
 public:
  Icu() {
    UErrorCode error = U_ZERO_ERROR;
    known_ = std::make_unique<icu::UnicodeSet>("[:age=14.0:]", error);
    normalizer_ = std::make_unique<icu::FilteredNormalizer2>(
        *icu::Normalizer2::getNFCInstance(error), *known_);
    EXPECT_TRUE(U_SUCCESS(error));
  }

  [[nodiscard]] bool Knows(char32_t character) const {
    return known_->contains(static_cast<UChar32>(character)) != 0;
  }

  [[nodiscard]] std::string Compose(absl::string_view text) const {
    UErrorCode error = U_ZERO_ERROR;
    std::string result;
    normalizer_
        ->normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(
                        text.data(), static_cast<int32_t>(text.size()))),
                    error)
        .toUTF8String(result);
    EXPECT_TRUE(U_SUCCESS(error));
    return result;
  }

 private:
  std::unique_ptr<icu::UnicodeSet> known_;
  std::unique_ptr<icu::Normalizer2> normalizer_;
};

// These become spaces, which is no matter of composition.
bool IsSpaceSeparator(char32_t character) {
  return u_charType(static_cast<UChar32>(character)) == U_SPACE_SEPARATOR;
}

bool IsScalar(char32_t character) {
  return character < 0xd800 || character >= 0xe000;
}

TEST(ComposedTextTest, SpellsAnAccentOneWay) {
  const std::string composed = "Z\u00fcrich \u00c5 \ud55c\uae00";
  EXPECT_EQ(Composed(composed), composed);
  EXPECT_EQ(
      Composed("Zu\u0308rich A\u030a \u1112\u1161\u11ab\u1100\u1173\u11af"),
      composed);
  EXPECT_EQ(Composed("Z\u00fcrich \u212b \ud55c\uae00"), composed);
  // Two marks on one letter, in either order.
  EXPECT_EQ(Composed("q\u0307\u0323"), Composed("q\u0323\u0307"));
  // A ligature and a wide letter are other characters, not other spellings.
  EXPECT_EQ(Composed("\ufb01 \uff41"), "\ufb01 \uff41");
}

TEST(ComposedTextTest, EveryBlankOfItsWidthIsASpace) {
  EXPECT_EQ(Composed("one\u00a0two\u2003three\u3000four\u202ffive"),
            "one two three four five");
  EXPECT_EQ(Composed(" a\tb\n"), " a\tb\n");
}

TEST(ComposedTextTest, WhatIsNotUtf8IsLeftAsItStands) {
  for (const absl::string_view text :
       {absl::string_view(""), absl::string_view("Z\xfcrich"),
        absl::string_view("u\u0308\xff"), absl::string_view("\0\xfe", 2)}) {
    EXPECT_EQ(Composed(text), text);
  }
}

// Guarded memory is dear, so many are compared at once.
constexpr size_t kAtOnce = 6'000;  // Bytes.

TEST(ComposedTextTest, AgreesWithIcuOnEveryCharacter) {
  const Icu icu;
  std::string text;
  size_t compared = 0;
  for (char32_t character = 0; character < 0x110000; ++character) {
    if (icu.Knows(character) && IsScalar(character) &&
        !IsSpaceSeparator(character)) {
      AppendCharacter(character, text);
      text += '\n';
      ++compared;
    }
    if (text.size() >= kAtOnce || character == 0x10ffff) {
      ASSERT_EQ(Composed(text), icu.Compose(text));
      text.clear();
    }
  }
  EXPECT_GT(compared, 250'000U);
}

// Characters that have to do with each other more often than by chance.
std::vector<char32_t> Involved() {
  std::vector<char32_t> result = {U'a',   U' ',   0x1100, 0x1112, 0x1161,
                                  0x1175, 0x11a7, 0x11a8, 0x11c2, 0xac00};
  for (const CanonicalPair& pair : CanonicalPairs()) {
    result.insert(result.end(), {pair.composed, pair.first, pair.second});
  }
  for (const CombiningRange& range : CombiningRanges()) {
    result.push_back(range.first);
  }
  return result;
}

TEST(ComposedTextTest, AgreesWithIcuOnWhatStandsTogether) {
  const Icu icu;
  const std::vector<char32_t> involved = Involved();
  SeededRandom random(3);
  for (int i = 0; i < 50; ++i) {
    std::string text;
    while (text.size() < kAtOnce) {
      for (uint64_t left = 1 + random.Below(8); left > 0; --left) {
        AppendCharacter(involved[random.Below(involved.size())], text);
      }
      text += '\n';
    }
    const std::string composed = Composed(text);
    ASSERT_EQ(composed, icu.Compose(text));
    ASSERT_EQ(Composed(composed), composed);
  }
}

TEST(ComposedTextTest, APassphraseGivesOneKeyHoweverItIsSpelled) {
  const PassphraseSalt salt;
  const PassphraseCost quick = {.passes = 1, .memory_bytes = 8192};
  const auto key_of = [&](absl::string_view text) {
    return KeyFromPassphrase(SecretBytes::From(text), salt, quick).value();
  };
  EXPECT_TRUE(key_of("gr\u00fcn und wei\u00df")
                  .Equals(key_of("gru\u0308n\u00a0und\u2003wei\u00df")));
  EXPECT_FALSE(key_of("gr\u00fcn").Equals(key_of("grun")));
}

}  // namespace
}  // namespace commonwage::crypto
