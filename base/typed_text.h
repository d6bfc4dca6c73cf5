// SPDX-License-Identifier: Apache-2.0
// Plain text as keyboards, editors and mail programs make it of what we print:
// other blanks, other dashes, a mark in front that nobody sees.

#ifndef COMMONWAGE_BASE_TYPED_TEXT_H_
#define COMMONWAGE_BASE_TYPED_TEXT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace commonwage {

// Some editors put this, in UTF-8, in front of every file.
inline constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

// Takes one character off the front of `text`, which must not be empty. Returns
// nullopt, and takes nothing, if it does not begin with well-formed UTF-8.
std::optional<char32_t> TakeCharacter(absl::string_view& text);

// Whether all of `text` is well-formed UTF-8.
bool IsUtf8(absl::string_view text);

// Adds `character`, a Unicode scalar value, to `text` as UTF-8.
void AppendCharacter(char32_t character, std::string& text);

// Returns how many characters `text` has. A byte that is not UTF-8 counts as
// one.
size_t CountCharacters(absl::string_view text);

// Whether `character` leaves a gap, ends a line or cannot be seen at all.
bool IsBlank(char32_t character);

// Whether `character` is a dash: a hyphen of any kind or length, or a minus.
bool IsDash(char32_t character);

// Returns the letter, digit or sign of ASCII that `character` is a wide form
// of, as East Asian keyboards write them; else `character`.
char32_t NarrowForm(char32_t character);

// Returns `text` without the blanks at its ends.
absl::string_view TrimTyped(absl::string_view text);

// Returns the parts of `text` between characters that `separates` is true of,
// none of them empty. What is not UTF-8 separates nothing.
std::vector<absl::string_view> SplitTyped(
    absl::string_view text, absl::FunctionRef<bool(char32_t)> separates);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_TYPED_TEXT_H_
