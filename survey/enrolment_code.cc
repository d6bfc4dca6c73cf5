// SPDX-License-Identifier: Apache-2.0
#include "survey/enrolment_code.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/random_source.h"
#include "base/typed_text.h"

namespace commonwage {
namespace {

// Multiplies by x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1), where x is primitive.
unsigned TimesX(unsigned element) {
  const unsigned doubled = element << 1;
  return (doubled & 0x20U) != 0 ? doubled ^ 0x25U : doubled;
}

std::optional<unsigned> ElementOf(char32_t character) {
  if (character >= 0x80) {
    return std::nullopt;
  }
  char upper = absl::ascii_toupper(static_cast<unsigned char>(character));
  if (upper == 'O') {
    upper = '0';
  }
  if (upper == 'I' || upper == 'L') {
    upper = '1';
  }
  const size_t position = kEnrolmentAlphabet.find(upper);
  if (position == absl::string_view::npos) {
    return std::nullopt;
  }
  return static_cast<unsigned>(position);
}

// The sum of x^i times the i-th character, counted from the end, the check
// character being the 0-th: zero for a code without typing errors. One wrong
// character changes it, and so do two swapped ones, as x has order 31.
unsigned Syndrome(absl::string_view code) {
  unsigned sum = 0;
  for (const char character : code) {
    sum = TimesX(sum) ^ *ElementOf(static_cast<unsigned char>(character));
  }
  return sum;
}

}  // namespace

std::string DrawEnrolmentCode(RandomSource& random) {
  std::array<uint8_t, kEnrolmentRandomCharacters> bytes{};
  random.Fill(absl::MakeSpan(bytes));
  std::string code;
  for (const uint8_t byte : bytes) {
    code += kEnrolmentAlphabet[byte % kEnrolmentAlphabet.size()];
  }
  // Its coefficient is 1, so the check character is the sum of the rest.
  code += kEnrolmentAlphabet[Syndrome(absl::StrCat(code, "0"))];
  return code;
}

std::string FormatEnrolmentCode(absl::string_view code) {
  return absl::StrCat(code.substr(0, 4), "-", code.substr(4, 3), "-",
                      code.substr(7, 4), "-", code.substr(11));
}

absl::StatusOr<std::string> ParseEnrolmentCode(absl::string_view typed) {
  std::string code;
  while (!typed.empty()) {
    const std::optional<char32_t> character = TakeCharacter(typed);
    if (character.has_value() && (IsBlank(*character) || IsDash(*character))) {
      continue;
    }
    const std::optional<unsigned> element =
        character.has_value() ? ElementOf(NarrowForm(*character))
                              : std::nullopt;
    if (!element.has_value() || code.size() == kEnrolmentCharacters) {
      code.clear();
      break;
    }
    code += kEnrolmentAlphabet[*element];
  }
  if (code.size() != kEnrolmentCharacters || Syndrome(code) != 0) {
    return Refusal(Reason::kCodeMistyped,
                   "There is a typing error in the code. Please compare it "
                   "with your letter, character by character.");
  }
  return code;
}

}  // namespace commonwage
