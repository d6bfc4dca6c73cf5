// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/pay_period.h"

#include "absl/strings/string_view.h"

namespace commonwage {

absl::string_view NameOf(PayPeriod period) {
  switch (period) {
    case PayPeriod::kHour:
      return "HOUR";
    case PayPeriod::kWeek:
      return "WEEK";
    case PayPeriod::kMonth:
      return "MONTH";
    case PayPeriod::kYear:
      return "YEAR";
    case PayPeriod::kTask:
      return "TASK";
  }
  return "";
}

}  // namespace commonwage
