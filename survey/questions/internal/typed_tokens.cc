// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/typed_tokens.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "base/typed_text.h"
#include "survey/questions/internal/typed_number.h"
#include "survey/text/shown_text.h"

namespace commonwage {
namespace {

using Kind = TypedToken::Kind;

// The first digits of the kinds that are read: ASCII, Arabic, Persian.
constexpr std::array kZeros = {U'0', U'\u0660', U'\u06f0'};
constexpr std::u32string_view kApostrophes = U"'\u2018\u2019\u02bc\u00b4`";
constexpr std::u32string_view kInvisible =
    U"\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff";
// Signs of currencies that stand apart from letters: "€EUR" are two words.
constexpr std::u32string_view kSigns =
    U"€£¥₹₺₴₽₪₩₫₦₱฿₵₡₸₾円元";

bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool IsAmong(char32_t c, std::u32string_view characters) {
  return characters.find(c) != std::u32string_view::npos;
}

// Returns the plain form of a character other than a digit.
char32_t Plain(char32_t c) {
  if (IsAmong(c, kApostrophes)) {
    return U'\'';
  }
  if (c == U'\u060c') {  // The Arabic comma.
    return U',';
  }
  if (c == U'\u066a') {  // The Arabic per cent sign.
    return U'%';
  }
  return IsDash(c) ? U'-' : c;
}

// Returns the characters of `typed` in plain forms, blanks as single ones.
std::optional<std::u32string> PlainForms(absl::string_view typed) {
  std::u32string plain;
  std::optional<char32_t> zero;
  while (!typed.empty()) {
    const std::optional<char32_t> taken = TakeCharacter(typed);
    if (!taken.has_value()) {
      return std::nullopt;
    }
    const char32_t c = NarrowForm(*taken);
    const bool invisible = IsAmong(c, kInvisible) ||
                           (IsUnshowable(c) && !IsBlank(c)) ||
                           (c >= U'\u200e' && c <= U'\u200f');
    if (invisible) {
      continue;
    }
    if (IsBlank(c)) {
      if (!plain.empty() && plain.back() != U' ') {
        plain.push_back(U' ');
      }
      continue;
    }
    plain.push_back(Plain(c));
    for (const char32_t first : kZeros) {
      if (c >= first && c <= first + 9) {
        if (zero.value_or(first) != first) {
          return std::nullopt;
        }
        zero = first;
        plain.back() = U'0' + (c - first);
      }
    }
  }
  while (!plain.empty() && plain.back() == U' ') {
    plain.pop_back();
  }
  return plain;
}

class Cutter {
 public:
  explicit Cutter(std::u32string_view text) : text_(text) {}

  std::vector<TypedToken> Tokens() && {
    while (at_ < text_.size()) {
      const char32_t c = text_[at_];
      if (c == U' ') {
        ++at_;
      } else if (IsDigit(c) || (IsMark(c) && IsDigit(Next(1)))) {
        TakeNumber();
      } else if (IsLetter(c)) {
        TakeWord();
      } else {
        tokens_.push_back({KindOf(c)});
        ++at_;
      }
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char32_t Next(size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : U'\0';
  }

  static bool IsMark(char32_t c) {
    return c == U'.' || c == U',' || c == kArabicDecimalMark;
  }

  static bool IsInnerMark(char32_t c) {
    return IsMark(c) || c == U' ' || c == U'\'' || c == kArabicGroupMark;
  }

  static Kind KindOf(char32_t c) {
    switch (c) {
      case U'-':
        return Kind::kDash;
      case U'%':
        return Kind::kPercent;
      case U':':
        return Kind::kColon;
      default:
        return Kind::kOther;
    }
  }

  // What is neither ASCII's punctuation nor any mark known here can be part of
  // a word; whether the word is known is for others to say.
  static bool IsLetter(char32_t c) {
    const bool letter = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    return letter || c == U'$' ||
           (c > U'\u007f' && c != kArabicDecimalMark && c != kArabicGroupMark);
  }

  void TakeNumber() {
    TypedToken token{Kind::kNumber};
    while (IsDigit(Next(0)) || (IsInnerMark(Next(0)) && IsDigit(Next(1)))) {
      token.run.push_back(text_[at_++]);
    }
    // A mark that ends a sentence, and "14,-", which is exactly 14.
    if (Next(0) == U'.' || Next(0) == U',') {
      size_t end = 1;
      while (Next(end) == U'-') {
        ++end;
      }
      at_ += IsDigit(Next(end)) ? 1 : end;
    }
    tokens_.push_back(std::move(token));
  }

  void TakeWord() {
    TypedToken token{Kind::kWord};
    do {
      AppendCharacter(text_[at_++], token.word);
    } while (IsLetter(Next(0)) && !IsAmong(text_[at_ - 1], kSigns) &&
             !IsAmong(Next(0), kSigns));
    // An abbreviation's, as in "Rs.500"; behind a sign it begins decimals.
    const char32_t last = text_[at_ - 1];
    if (Next(0) == U'.' && last != U'$' && !IsAmong(last, kSigns)) {
      ++at_;
    }
    tokens_.push_back(std::move(token));
  }

  std::u32string_view text_;
  size_t at_ = 0;
  std::vector<TypedToken> tokens_;
};

}  // namespace

std::optional<std::vector<TypedToken>> TokensOf(absl::string_view typed) {
  const std::optional<std::u32string> plain = PlainForms(typed);
  if (!plain.has_value()) {
    return std::nullopt;
  }
  return Cutter(*plain).Tokens();
}

}  // namespace commonwage
