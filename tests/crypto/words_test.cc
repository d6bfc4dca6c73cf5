// SPDX-License-Identifier: Apache-2.0
// Words: the list, recovery words of a seed, the fingerprint of a key.

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include "crypto/fingerprint.h"
#include "crypto/hash.h"
#include "crypto/internal/word_list.h"
#include "crypto/recovery_words.h"
#include "crypto/spoken_digest.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::crypto {
namespace {

using testing::HasReason;
using testing::SeededRandom;
using testing::StatusIs;

constexpr char kCountingSeedWords[] =
    "about area lupine area follow album carton caviar avenue happy epic camp "
    "adapt mint final mandate bolt robot ankle delay reach batch law white";

Secret<32> CountingSeed() {
  Secret<32> seed;
  for (size_t i = 0; i < seed.size(); ++i) {
    seed.ExposeForWriting()[i] = static_cast<uint8_t>(i);
  }
  return seed;
}

VerifyKey CountingKey() {
  return *VerifyKey::From(CountingSeed().ExposeText());
}

std::vector<std::string> CountingSeedWords() {
  return absl::StrSplit(kCountingSeedWords, ' ');
}

absl::StatusOr<Secret<32>> SeedOf(const std::vector<std::string>& words) {
  return SeedFromRecoveryWords(absl::StrJoin(words, " "));
}

TEST(WordListTest, HasShortPlainWordsInOrder) {
  std::string all;
  for (size_t i = 0; i < kWordListSize; ++i) {
    const std::string word(WordAt(i));
    EXPECT_GE(word.size(), 3U) << word;
    EXPECT_LE(word.size(), 8U) << word;
    EXPECT_TRUE(std::all_of(word.begin(), word.end(), absl::ascii_islower))
        << word;
    if (i > 0) {
      EXPECT_LT(WordAt(i - 1), word);
    }
    all += (i > 0 ? " " : "") + word;
  }
  // Words written down must be read back by every later version.
  EXPECT_EQ(absl::BytesToHexString(Sha256("", all).view()),
            "e1b9bb12f6ca4736f408007b361d358df748749ee5b28e05ee6a49e616b5c1e7");
}

TEST(WordListTest, TellsWordsApartByTheirFirstFourLetters) {
  std::set<std::string> beginnings;
  for (size_t i = 0; i < kWordListSize; ++i) {
    beginnings.insert(std::string(WordAt(i).substr(0, kWordPrefixLength)));
  }
  EXPECT_EQ(beginnings.size(), kWordListSize);
}

TEST(WordListTest, FindsEveryWordWholeAndCutShort) {
  for (size_t i = 0; i < kWordListSize; ++i) {
    const absl::string_view word = WordAt(i);
    EXPECT_EQ(FindWord(word), i);
    EXPECT_EQ(FindWord(word.substr(0, kWordPrefixLength)), i) << word;
  }
  EXPECT_FALSE(FindWord("").has_value());
  EXPECT_FALSE(FindWord("zzz").has_value());
  EXPECT_FALSE(FindWord("aaa").has_value());
  EXPECT_FALSE(FindWord("abo").has_value());
  EXPECT_FALSE(FindWord("aboutx").has_value());
  EXPECT_FALSE(FindWord("About").has_value());
}

TEST(RecoveryWordsTest, AreTheSeedAndAChecksumInSlicesOfElevenBits) {
  EXPECT_EQ(RecoveryWords(CountingSeed()).ExposeText(), kCountingSeedWords);
  const absl::StatusOr<Secret<32>> seed =
      SeedFromRecoveryWords(kCountingSeedWords);
  ASSERT_OK(seed);
  EXPECT_TRUE(seed->Equals(CountingSeed()));
}

TEST(RecoveryWordsTest, BringEverySeedBack) {
  SeededRandom random(1);
  for (int i = 0; i < 200; ++i) {
    const Secret<32> seed = Secret<32>::Random(random);
    const SecretBytes words = RecoveryWords(seed);
    const absl::StatusOr<Secret<32>> again =
        SeedFromRecoveryWords(words.ExposeText());
    ASSERT_OK(again);
    EXPECT_TRUE(again->Equals(seed));
  }
}

TEST(RecoveryWordsTest, DoNotMindCaseBlanksAndShorteningToFourLetters) {
  std::vector<std::string> words = CountingSeedWords();
  for (std::string& word : words) {
    word = absl::AsciiStrToUpper(word.substr(0, 4));
  }
  const absl::StatusOr<Secret<32>> seed =
      SeedFromRecoveryWords("\n  " + absl::StrJoin(words, " \t\r\n ") + "\n");
  ASSERT_OK(seed);
  EXPECT_TRUE(seed->Equals(CountingSeed()));
}

TEST(RecoveryWordsTest, AreReadAsTheyWereNumberedListedAndWrapped) {
  const std::vector<std::string> words = CountingSeedWords();
  std::string printed = "\ufeff";
  std::string listed;
  std::string wide;
  for (size_t i = 0; i < words.size(); ++i) {
    absl::StrAppend(&printed, i % 6 == 0 ? "\r\n  " : " ", i + 1, ".",
                    words[i]);
    absl::StrAppend(&listed, "\u2022\u00a0", i + 1, ") ", words[i], ",\u2028");
    absl::StrAppend(&wide, words[i],
                    i % 2 == 0 ? "\u3001" : "\u2003\u2014\u200b");
  }
  for (const std::string& typed :
       {printed, listed, wide, absl::StrJoin(words, ", "),
        absl::StrJoin(words, "\u202f"), absl::StrJoin(words, ";\n")}) {
    const absl::StatusOr<Secret<32>> seed = SeedFromRecoveryWords(typed);
    ASSERT_OK(seed) << typed;
    EXPECT_TRUE(seed->Equals(CountingSeed()));
  }
}

TEST(RecoveryWordsTest, AForeignLetterIsPartOfItsWord) {
  std::vector<std::string> words = CountingSeedWords();
  words[4] = "\u00fc" + words[4];
  EXPECT_THAT(SeedOf(words), HasReason(Reason::kRecoveryWordUnknown));
}

TEST(RecoveryWordsTest, NameTheWrongWordByItsPositionAndNeverRepeatIt) {
  for (size_t i = 0; i < kRecoveryWordCount; ++i) {
    std::vector<std::string> words = CountingSeedWords();
    words[i] = "xylophone";
    const absl::StatusOr<Secret<32>> seed = SeedOf(words);
    EXPECT_THAT(seed, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(seed, HasReason(Reason::kRecoveryWordUnknown));
    const std::string message(seed.status().message());
    EXPECT_NE(message.find("Word " + std::to_string(i + 1) + " "),
              std::string::npos)
        << message;
    EXPECT_EQ(message.find("xylophone"), std::string::npos);
  }
}

TEST(RecoveryWordsTest, NameAllWrongWordsAtOnce) {
  std::vector<std::string> words = CountingSeedWords();
  words[2] = "xylophone";
  words[23] = "whitee";
  const absl::StatusOr<Secret<32>> seed = SeedOf(words);
  EXPECT_THAT(seed, HasReason(Reason::kRecoveryWordUnknown));
  EXPECT_NE(std::string(seed.status().message()).find("Words 3, 24 "),
            std::string::npos);
}

TEST(RecoveryWordsTest, NoticeWordsThatChangedPlaces) {
  size_t noticed = 0;
  for (size_t i = 4; i + 1 < kRecoveryWordCount; ++i) {
    std::vector<std::string> words = CountingSeedWords();
    std::swap(words[i], words[i + 1]);
    if (ReasonOf(SeedOf(words).status()) == Reason::kRecoveryWordsMismatch) {
      ++noticed;
    }
  }
  // One in 256 would pass by chance; for this seed none does.
  EXPECT_EQ(noticed, 19U);
}

TEST(RecoveryWordsTest, NoticeMostWordsThatAreOursButWrong) {
  std::vector<std::string> words = CountingSeedWords();
  size_t accepted = 0;
  for (size_t i = 0; i < kWordListSize; ++i) {
    words[5] = std::string(WordAt(i));
    accepted += SeedOf(words).ok() ? 1U : 0U;
  }
  // 2048 / 256 are expected to fit by chance.
  EXPECT_GE(accepted, 1U);
  EXPECT_LT(accepted, 24U);
}

TEST(RecoveryWordsTest, NeedTwentyFour) {
  std::vector<std::string> words = CountingSeedWords();
  words.emplace_back("about");
  EXPECT_THAT(SeedOf(words), HasReason(Reason::kRecoveryWordCount));
  words.resize(23);
  EXPECT_THAT(SeedOf(words), HasReason(Reason::kRecoveryWordCount));
  EXPECT_THAT(SeedOf({}), HasReason(Reason::kRecoveryWordCount));
}

TEST(FingerprintTest, IsTheHashOfTheKeyInTwoForms) {
  EXPECT_EQ(Fingerprint(CountingKey()),
            "619a-10b4-77c9-a95a-ce0f-c40e-59a2-a164-dc0c-9589");
  EXPECT_EQ(FingerprintWords(CountingKey()),
            "head splash craft valve oval pyramid ditch whisper basil solar "
            "pottery slide");
}

TEST(FingerprintTest, TheDigitsHaveTheWordsOfTheKey) {
  EXPECT_EQ(WordsOfFingerprint(Fingerprint(CountingKey())),
            FingerprintWords(CountingKey()));
  for (const char* other : {"", "619a", "619a-10b4-", "no fingerprint"}) {
    EXPECT_EQ(WordsOfFingerprint(other), "");
  }
}

TEST(FingerprintTest, IsRecognisedHoweverItIsTyped) {
  const std::string digits = Fingerprint(CountingKey());
  const std::string words = FingerprintWords(CountingKey());
  for (const std::string& typed :
       {digits, absl::StrReplaceAll(digits, {{"-", ""}}),
        absl::StrReplaceAll(digits, {{"-", ":"}}),
        absl::AsciiStrToUpper(absl::StrReplaceAll(digits, {{"-", " "}})), words,
        absl::AsciiStrToUpper(words),
        " " + absl::StrReplaceAll(words, {{" ", "-"}}) + "\n",
        "\ufeff" + absl::StrReplaceAll(digits, {{"-", "\u2011"}}) + "\r\n",
        absl::StrReplaceAll(digits, {{"-", "\u2013"}}),
        absl::StrReplaceAll(words, {{" ", ",\u00a0"}}),
        std::string("head spla craf valv oval pyra ditc whis basi sola pott "
                    "slid")}) {
    EXPECT_OK(CheckFingerprint(CountingKey(), typed)) << typed;
  }
}

TEST(FingerprintTest, TellsAnotherKeyFromATypingMistake) {
  SeededRandom random(1);
  const VerifyKey other = SigningKey::Generate(random).verify_key();
  EXPECT_THAT(CheckFingerprint(other, Fingerprint(CountingKey())),
              HasReason(Reason::kSurveyKeyDiffers));
  EXPECT_THAT(CheckFingerprint(other, FingerprintWords(CountingKey())),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  const std::string digits = Fingerprint(CountingKey());
  for (const std::string& typed :
       {std::string(), std::string("-"), digits.substr(1), digits + "0",
        "g" + digits.substr(1), std::string("head splash craft"),
        FingerprintWords(CountingKey()) + " head"}) {
    const absl::Status status = CheckFingerprint(CountingKey(), typed);
    EXPECT_THAT(status, HasReason(Reason::kFingerprintMalformed)) << typed;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(SpokenDigestTest, IsRecognisedHoweverItIsTyped) {
  const Digest digest = *Digest::From(CountingSeed().ExposeText());
  const std::string words = SpokenDigest(digest);
  EXPECT_EQ(words,
            "about area lupine area follow album carton caviar avenue happy "
            "epic camp");
  for (const std::string& typed :
       {words, absl::AsciiStrToUpper(words),
        absl::StrReplaceAll(words, {{" ", ", "}}),
        "\ufeff" + absl::StrReplaceAll(words, {{" ", "\u2011"}}) + "\r\n",
        std::string("abou area lupi area foll albu cart cavi aven happ epic "
                    "camp")}) {
    const auto same = IsSpokenDigest(digest, typed);
    ASSERT_OK(same);
    EXPECT_TRUE(*same) << typed;
  }
}

TEST(SpokenDigestTest, TellsAnotherDigestFromATypingMistake) {
  const std::string words =
      SpokenDigest(*Digest::From(CountingSeed().ExposeText()));
  const auto same = IsSpokenDigest(Digest(), words);
  ASSERT_OK(same);
  EXPECT_FALSE(*same);
  for (const std::string& typed :
       {std::string(), words + " about", words.substr(6),
        absl::StrReplaceAll(words, {{"carton", "zanzibar"}})}) {
    EXPECT_THAT(IsSpokenDigest(Digest(), typed),
                HasReason(Reason::kDigestWordsMalformed))
        << typed;
  }
}

}  // namespace
}  // namespace commonwage::crypto
