// SPDX-License-Identifier: Apache-2.0
// Hours and minutes as people write them.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_CLOCK_H_
#define COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_CLOCK_H_

#include <optional>
#include <vector>

#include "survey/questions/decimal.h"
#include "survey/questions/internal/typed_tokens.h"

namespace commonwage {

// Returns the hours that "7:30", "7h30", "7 h 30 min" or "45 min" are, rounded
// to `decimals` half away from zero; nullopt if `tokens` are none of these.
// Minutes behind hours are two digits below 60; without hours, at most 99,999.
std::optional<Decimal> ReadClock(const std::vector<TypedToken>& tokens,
                                 int decimals);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_INTERNAL_TYPED_CLOCK_H_
