// SPDX-License-Identifier: Apache-2.0
// Texts of a plan that are shown to people, who must see what is there: no
// character in them moves the cursor, turns the direction of writing, or begins
// a line that looks like ours.

#ifndef COMMONWAGE_SURVEY_TEXT_SHOWN_TEXT_H_
#define COMMONWAGE_SURVEY_TEXT_SHOWN_TEXT_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace commonwage {

// Whether `character` is a control character, ends a line, or is one of the
// formatting characters that change the direction of what follows.
bool IsUnshowable(char32_t character);

// Whether `text` is one line of 1 to `max_bytes` bytes of UTF-8 without a
// character that is unshowable.
bool IsShownText(absl::string_view text, size_t max_bytes);

// Whether `tag` has the form of a BCP 47 language tag: a language, then
// subtags, with hyphens between; such as "en" or "pt-BR".
bool IsLanguageTag(absl::string_view tag);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_TEXT_SHOWN_TEXT_H_
