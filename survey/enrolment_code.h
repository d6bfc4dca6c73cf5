// SPDX-License-Identifier: Apache-2.0
// The code on a member's letter: proves membership to the union office once a
// round. 13 random characters and a check character, as "XXXX-XXX-XXXX-XXX".

#ifndef COMMONWAGE_SURVEY_ENROLMENT_CODE_H_
#define COMMONWAGE_SURVEY_ENROLMENT_CODE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"

namespace commonwage {

// 32 characters without I, L, O and U: each carries 5 bits, 65 in all.
inline constexpr absl::string_view kEnrolmentAlphabet =
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
inline constexpr size_t kEnrolmentRandomCharacters = 13;
inline constexpr size_t kEnrolmentCharacters = kEnrolmentRandomCharacters + 1;

// Returns a new code, without hyphens. Draws 13 bytes.
std::string DrawEnrolmentCode(RandomSource& random);

// Returns `code`, of kEnrolmentCharacters, as it is printed for people.
std::string FormatEnrolmentCode(absl::string_view code);

// Reads a code as a person typed it: any case and width, blanks and dashes of
// any kind anywhere, O for 0, I and L for 1.
//
// Fails with INVALID_ARGUMENT, reason CODE_MISTYPED, if its length or its check
// character is wrong. The check finds every single wrong character and every
// swap of two. Reveals: nothing of what was typed, nor which codes exist.
absl::StatusOr<std::string> ParseEnrolmentCode(absl::string_view typed);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_ENROLMENT_CODE_H_
