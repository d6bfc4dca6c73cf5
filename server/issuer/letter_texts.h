// SPDX-License-Identifier: Apache-2.0
// Every sentence of a letter, in each language.

#ifndef COMMONWAGE_SERVER_ISSUER_LETTER_TEXTS_H_
#define COMMONWAGE_SERVER_ISSUER_LETTER_TEXTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace commonwage::server::issuer {

struct LetterTexts {
  absl::string_view language;    // BCP 47.
  absl::string_view title;       // Of a letter about no particular survey.
  absl::string_view purpose;     // What the survey is.
  absl::string_view secrecy;     // What becomes of an answer.
  absl::string_view code;        // What the code is.
  absl::string_view typing;      // How it may be typed.
  absl::string_view steps;       // "What to do".
  absl::string_view own_device;  // First step.
  absl::string_view join;        // A step of letters with an invitation.
  absl::string_view office;      // Second step; an address follows.
  absl::string_view type_code;   // Third step.
  absl::string_view until;       // "Please take part by", a day, "."
  absl::string_view keep;        // What to do with the letter.
  absl::string_view invitation_title;
  absl::string_view invitation;     // What it is, above its text.
  absl::string_view day_separator;  // Between the day's number and the month.
  absl::string_view months[12];
};

// Returns the languages that there are letters in, such as "en".
std::vector<std::string> LetterLanguages();

// Returns the texts of one of them.
const LetterTexts& LetterTextsIn(absl::string_view language);

// Returns the day as people write it in a letter.
std::string DayInWords(const LetterTexts& texts, absl::CivilDay day);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_LETTER_TEXTS_H_
