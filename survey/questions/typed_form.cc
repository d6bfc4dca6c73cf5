// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/string_view.h"

#include "survey/questions/typed_amount.h"

namespace commonwage {

AmountForm FormOf(const Question& question) {
  AmountForm form;
  form.kind = question.kind == QuestionKind::kMoney ? AmountForm::Kind::kMoney
                                                    : AmountForm::Kind::kNumber;
  form.currency = question.currency;
  form.unit = question.unit;
  form.decimals = question.decimals;
  form.plausible = question.plausible;
  form.takes_negative = TakesNegative(question);
  return form;
}

AmountForm FormOf(const MeasureFormula& measure) {
  AmountForm form;
  form.kind = measure.kind == MeasureKind::kPay ? AmountForm::Kind::kMoney
                                                : AmountForm::Kind::kShare;
  form.currency = measure.currency;
  form.decimals = measure.minor_unit_exponent;
  form.takes_negative = true;
  return form;
}

absl::string_view NameOf(TypedFault fault) {
  switch (fault) {
    case TypedFault::kNone:
      return "NONE";
    case TypedFault::kEmpty:
      return "EMPTY";
    case TypedFault::kUnreadable:
      return "UNREADABLE";
    case TypedFault::kUnknown:
      return "UNKNOWN";
    case TypedFault::kMarks:
      return "MARKS";
    case TypedFault::kTwoNumbers:
      return "TWO_NUMBERS";
    case TypedFault::kOtherCurrency:
      return "OTHER_CURRENCY";
    case TypedFault::kOtherUnit:
      return "OTHER_UNIT";
    case TypedFault::kDecimals:
      return "DECIMALS";
    case TypedFault::kNegative:
      return "NEGATIVE";
    case TypedFault::kTooLarge:
      return "TOO_LARGE";
  }
  return "";
}

absl::string_view NameOf(TypedOutcome outcome) {
  switch (outcome) {
    case TypedOutcome::kAmount:
      return "AMOUNT";
    case TypedOutcome::kWhich:
      return "WHICH";
    case TypedOutcome::kRefused:
      return "REFUSED";
  }
  return "";
}

}  // namespace commonwage
