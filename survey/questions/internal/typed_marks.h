// SPDX-License-Identifier: Apache-2.0
// Currencies and units as people write them beside a number: "€", "EUR",
// "euros", "Std.", "km".

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_MARKS_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_MARKS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace commonwage {

// Returns the codes of the currencies that `word` can mean, such as USD, CAD
// and others for "$"; none if it means no currency. ASCII case does not matter.
std::vector<std::string> CurrenciesOf(absl::string_view word);

// Returns the unit that `word` means, such as "hour" for "Std" and "hrs"; ""
// if it is none that is known here. ASCII case does not matter.
std::string UnitOfWord(absl::string_view word);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_MARKS_H_
