// SPDX-License-Identifier: Apache-2.0
// Bytes about a round as a text that people carry: a head that says what it is,
// the round's ID, and base64. Spaces and line breaks do not matter: mail and
// forms add some.

#ifndef COMMONWAGE_SURVEY_TEXT_CARRIED_TEXT_H_
#define COMMONWAGE_SURVEY_TEXT_CARRIED_TEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage {

struct CarriedText {
  std::string round_id;  // "<survey>.<round>".
  std::string bytes;
};

// Returns the text, in lines that any window shows.
std::string WriteCarriedText(absl::string_view head, const CarriedText& parts);

// Reads a text of this `head`; nullopt if it is none.
std::optional<CarriedText> ReadCarriedText(absl::string_view head,
                                           absl::string_view text);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_TEXT_CARRIED_TEXT_H_
