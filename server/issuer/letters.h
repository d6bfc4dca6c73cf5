// SPDX-License-Identifier: Apache-2.0
// The letters that take codes to members: one printable page for each, which
// needs nothing but itself.

#ifndef COMMONWAGE_SERVER_ISSUER_LETTERS_H_
#define COMMONWAGE_SERVER_ISSUER_LETTERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "server/issuer/issuer_store.h"

namespace commonwage::server::issuer {

// What all letters of a delivery say.
struct LetterTerms {
  std::string language = "en";  // One of LetterLanguages().
  std::string title;            // The survey's; empty: the language's own.
  std::string office;           // The union office's address.
  absl::CivilDay until;         // The last day to take part.
  // What the survey's steward gives to all members alike, to be typed and to be
  // scanned (an <svg> element); empty: none.
  std::string invitation;
  std::string invitation_svg;
};

// Returns the terms with `office` and `until`, such as "2026-12-31", as a
// person gave them. Fails as WrongUse.
absl::StatusOr<LetterTerms> ParseLetterTerms(absl::string_view language,
                                             absl::string_view title,
                                             absl::string_view office,
                                             absl::string_view until);

// Puts the invitation in the file of which `content` is the content, text or
// link, on every letter. It stands apart from the code, which no part of it
// contains.
// Fails as ParseInvitation, and with FAILED_PRECONDITION (INVITATION_IS_OPEN)
// if it says that anybody can answer: then codes are for nothing.
absl::Status AddInvitation(absl::string_view content, LetterTerms& terms);

// Return the begin and the end of a file of letters, and what of it is one
// letter's. A file is HTML, with no script and nothing from elsewhere, and
// prints each letter on pages of its own.
// Reveals: the member and the code.
std::string LetterHead(const LetterTerms& terms);
std::string LetterBody(const LetterTerms& terms, const LetterCode& code);
std::string LetterFoot();

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_LETTERS_H_
