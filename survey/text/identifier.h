// SPDX-License-Identifier: Apache-2.0
// Names of things: surveys, rounds, dimensions, their values, measures,
// marginals. One alphabet for all, safe in a file name and on a command line.

#ifndef COMMONWAGE_SURVEY_TEXT_IDENTIFIER_H_
#define COMMONWAGE_SURVEY_TEXT_IDENTIFIER_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace commonwage {

inline constexpr size_t kMaxIdentifierLength = 64;

// Says whether `text` matches [A-Za-z0-9_+.-]{1,64}.
bool IsIdentifier(absl::string_view text);

// Says whether `text` can be a round's ID: two identifiers with a dot between.
// An identifier may itself contain dots, so an ID is never taken apart.
bool IsRoundId(absl::string_view text);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_TEXT_IDENTIFIER_H_
