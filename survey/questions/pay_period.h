// SPDX-License-Identifier: Apache-2.0
// What an amount of pay is for.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_PAY_PERIOD_H_
#define COMMONWAGE_SURVEY_QUESTIONS_PAY_PERIOD_H_

#include "absl/strings/string_view.h"

namespace commonwage {

enum class PayPeriod { kHour, kWeek, kMonth, kYear, kTask };

// Returns the name that plans use, such as "YEAR".
absl::string_view NameOf(PayPeriod period);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_PAY_PERIOD_H_
