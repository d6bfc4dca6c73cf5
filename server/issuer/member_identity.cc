// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_identity.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include <unicode/bytestream.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include "base/check.h"
#include "base/error.h"
#include "base/typed_text.h"

namespace commonwage::server::issuer {
namespace {

absl::Status Unusable(absl::string_view sentence) {
  return Refusal(Reason::kReferenceUnusable, sentence);
}

icu::StringPiece Piece(absl::string_view text) {
  return {text.data(), static_cast<int32_t>(text.size())};
}

// ICU's own errors are of its tables, which are there or are not.
void CheckDone(UErrorCode error) { COMMONWAGE_CHECK(U_SUCCESS(error)); }

std::string Normal(const icu::Normalizer2& form, absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  form.normalizeUTF8(0, Piece(text), sink, nullptr, error);
  CheckDone(error);
  return result;
}

std::string CompatibleForm(absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCInstance(error);
  CheckDone(error);
  return Normal(*form, text);
}

std::string FoldedForm(absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form =
      icu::Normalizer2::getNFKCCasefoldInstance(error);
  CheckDone(error);
  return Normal(*form, text);
}

std::string Capitals(absl::string_view text) {
  std::string result;
  icu::UnicodeString::fromUTF8(Piece(text))
      .toUpper(icu::Locale::getRoot())
      .toUTF8String(result);
  return result;
}

bool IsPrintable(char32_t character) {
  switch (u_charType(static_cast<UChar32>(character))) {
    case U_UNASSIGNED:
    case U_CONTROL_CHAR:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return false;
    default:
      // The last one stands for what a program could not read.
      return character != 0xfffd;
  }
}

// With 0 to 9 in the place of the digits of other scripts.
std::string WithAsciiDigits(absl::string_view text) {
  std::string result;
  while (!text.empty()) {
    const char32_t character = *TakeCharacter(text);
    const int32_t digit = u_charDigitValue(static_cast<UChar32>(character));
    AppendCharacter(digit < 0 ? character : U'0' + static_cast<char32_t>(digit),
                    result);
  }
  return result;
}

// Without the zeros in front of each number in `text`; one that is nothing but
// zeros keeps one.
std::string WithoutLeadingZeros(absl::string_view text) {
  std::string result;
  std::string zeros;
  bool in_number = false;
  while (!text.empty()) {
    const char32_t character = *TakeCharacter(text);
    const int32_t digit = u_charDigitValue(static_cast<UChar32>(character));
    if (digit == 0 && !in_number) {
      zeros.assign(1, '0');
      continue;
    }
    if (digit < 0) {
      result += zeros;
    }
    zeros.clear();
    in_number = digit >= 0;
    AppendCharacter(character, result);
  }
  return result + zeros;
}

size_t DigitsAt(absl::string_view text, size_t at) {
  size_t count = 0;
  while (at + count < text.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[at + count]))) {
    ++count;
  }
  return count;
}

// A number with a point and nothing but zeros behind it loses both.
absl::string_view WithoutTrailingZeros(absl::string_view text) {
  const size_t whole = DigitsAt(text, 0);
  if (whole == 0 || whole + 1 >= text.size() ||
      (text[whole] != '.' && text[whole] != ',') ||
      text.find_first_not_of('0', whole + 1) != absl::string_view::npos) {
    return text;
  }
  return text.substr(0, whole);
}

// "1.23E+11" and the like: digits that are gone for good.
bool IsRoundedNumber(absl::string_view text) {
  size_t at = DigitsAt(text, 0);
  if (at == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    at += 1 + DigitsAt(text, at + 1);
  }
  const size_t exponent = at + 2;
  return exponent < text.size() && (text[at] == 'E' || text[at] == 'e') &&
         text[at + 1] == '+' &&
         exponent + DigitsAt(text, exponent) == text.size();
}

// "#REF!", "#NAME?", "#N/A" in several languages, "Err:502", or a cell that was
// too narrow.
bool IsLostValue(absl::string_view text) {
  if (absl::ConsumePrefix(&text, "Err:")) {
    return !text.empty() && DigitsAt(text, 0) == text.size();
  }
  return text.front() == '#' &&
         (text.back() == '!' || text.back() == '?' || text == "#N/A" ||
          text == "#NV" || text == "#N/D" ||
          text.find_first_not_of('#') == absl::string_view::npos);
}

// "12 345", "12'345", "12.345": a number in groups of three. Returns it without
// what stands between them, or `text` if it is nothing of the kind.
std::string WithoutGroups(absl::string_view text) {
  constexpr size_t kGroup = 3;
  const size_t first = DigitsAt(text, 0);
  if (first == 0 || first > kGroup || first == text.size() ||
      absl::StrContains("0123456789", text.substr(first, 1))) {
    return std::string(text);
  }
  const char between = text[first];
  std::string number(text.substr(0, first));
  for (size_t at = first; at < text.size(); at += kGroup + 1) {
    if (text[at] != between || !absl::StrContains(" .,'", text.substr(at, 1)) ||
        DigitsAt(text, at + 1) < kGroup) {
      return std::string(text);
    }
    absl::StrAppend(&number, text.substr(at + 1, kGroup));
  }
  return number;
}

// "12.000" is twelve in one country and twelve thousand in another.
bool IsTwoNumbers(absl::string_view text) {
  const size_t whole = DigitsAt(text, 0);
  return whole >= 1 && whole <= 3 &&
         (text.substr(whole) == ".000" || text.substr(whole) == ",000");
}

absl::Status CheckReference(absl::string_view reference) {
  if (!IsUtf8(reference)) {
    return Unusable("the member's reference is not UTF-8");
  }
  if (CountCharacters(reference) > kMaxReferenceLength) {
    return Unusable(absl::StrCat("the member's reference is longer than ",
                                 kMaxReferenceLength, " characters"));
  }
  for (absl::string_view rest = reference; !rest.empty();) {
    const char32_t character = *TakeCharacter(rest);
    if (!IsPrintable(character)) {
      return Unusable(absl::StrFormat(
          "the member's reference has a character that cannot be printed on "
          "one line (U+%04X)",
          static_cast<uint32_t>(character)));
    }
  }
  if (IsRoundedNumber(reference)) {
    return Unusable(
        "the member's reference is a number that a spreadsheet has rounded: "
        "give its column the format Text there, and enter it again");
  }
  if (IsTwoNumbers(reference)) {
    return Unusable(
        "the member's reference can be read as two numbers, with a thousand "
        "between them: give its column the format Text, and enter it again");
  }
  if (IsLostValue(reference)) {
    return Unusable(
        "in place of the member's reference there is a spreadsheet's error");
  }
  return absl::OkStatus();
}

}  // namespace

MemberIdentifier::MemberIdentifier() {
  UErrorCode error = U_ZERO_ERROR;
  checker_ = uspoof_open(&error);
  CheckDone(error);
}

MemberIdentifier::~MemberIdentifier() { uspoof_close(checker_); }

std::string MemberIdentifier::LookOf(absl::string_view text) const {
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString look;
  uspoof_getSkeletonUnicodeString(
      checker_, 0, icu::UnicodeString::fromUTF8(Piece(text)), look, &error);
  CheckDone(error);
  std::string result;
  look.toUTF8String(result);
  return result;
}

absl::StatusOr<MemberIdentity> MemberIdentifier::Identify(
    absl::string_view reference) const {
  reference = TrimTyped(reference);
  if (reference.empty()) {
    return Unusable("there is no member");
  }
  if (const absl::Status checked = CheckReference(reference); !checked.ok()) {
    return checked;
  }
  MemberIdentity identity;
  identity.reference = std::string(reference);
  identity.key = absl::StrJoin(SplitTyped(FoldedForm(reference), IsBlank), " ");
  if (identity.key.empty()) {
    return Unusable("there is nothing to be seen of the member's reference");
  }
  const std::string unpadded =
      WithoutLeadingZeros(WithoutGroups(WithAsciiDigits(identity.key)));
  identity.number = std::string(WithoutTrailingZeros(unpadded));
  identity.looks = {LookOf(CompatibleForm(reference)), LookOf(identity.key),
                    LookOf(Capitals(identity.key))};
  return identity;
}

std::string ColumnKey(absl::string_view name) {
  std::string key;
  if (!IsUtf8(name)) {
    return key;
  }
  const std::string folded = FoldedForm(name);
  for (absl::string_view rest = folded; !rest.empty();) {
    const char32_t character = *TakeCharacter(rest);
    if (u_isalnum(static_cast<UChar32>(character)) != 0) {
      AppendCharacter(character, key);
    }
  }
  return key;
}

}  // namespace commonwage::server::issuer
