// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/formula.h"

#include "absl/strings/string_view.h"

namespace commonwage {

absl::string_view NameOf(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::kPay:
      return "PAY";
    case MeasureKind::kRatio:
      return "RATIO";
    case MeasureKind::kChoice:
      return "CHOICE";
  }
  return "";
}

}  // namespace commonwage
