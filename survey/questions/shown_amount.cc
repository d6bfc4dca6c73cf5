// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/shown_amount.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"

#include "survey/questions/internal/wording.h"

namespace commonwage {
namespace {

// Gives money at least its own decimals, so that 14.2 is said as 14.20.
Decimal WithDecimals(Decimal number, int decimals) {
  while (number.decimals < decimals && number.units < kMaxDecimalUnits &&
         number.units > -kMaxDecimalUnits) {
    number.units *= 10;
    ++number.decimals;
  }
  return number;
}

std::string Show(const Decimal& number, const AmountForm& form,
                 const Wording& wording) {
  switch (form.kind) {
    case AmountForm::Kind::kShare:
      return ShowPercent(number, wording.decimal_mark);
    case AmountForm::Kind::kMoney:
      return absl::StrCat(ShowDecimal(WithDecimals(number, form.decimals),
                                      wording.decimal_mark),
                          " ", form.currency);
    case AmountForm::Kind::kNumber:
      break;
  }
  return absl::StrCat(ShowDecimal(number, wording.decimal_mark), " ",
                      UnitInWords(wording, form.unit, number == Decimal{1, 0}));
}

// Such as "an amount in EUR, such as 17.50".
std::string AskedFor(const AmountForm& form, const Wording& wording) {
  constexpr int64_t kExamples[] = {17, 175, 1'750, 17'500, 175'000};
  const auto decimals = static_cast<size_t>(form.decimals);
  const Decimal example{
      decimals < std::size(kExamples) ? kExamples[decimals] : 17,
      decimals < std::size(kExamples) ? form.decimals : 0};
  switch (form.kind) {
    case AmountForm::Kind::kShare:
      return absl::Substitute(wording.share, "",
                              ShowPercent({25, 3}, wording.decimal_mark));
    case AmountForm::Kind::kMoney:
      return absl::Substitute(wording.money, form.currency,
                              ShowDecimal(example, wording.decimal_mark));
    case AmountForm::Kind::kNumber:
      break;
  }
  return absl::Substitute(wording.number,
                          UnitInWords(wording, form.unit, false),
                          ShowDecimal(example, wording.decimal_mark));
}

// What was understood, with its currency or unit.
std::string Understood(const TypedAmount& typed, const AmountForm& form,
                       const Wording& wording) {
  std::string all;
  for (size_t i = 0; i < typed.readings.size(); ++i) {
    const bool last = i + 1 == typed.readings.size();
    const bool plain = typed.fault == TypedFault::kTwoNumbers ||
                       typed.fault == TypedFault::kUnknown;
    absl::StrAppend(
        &all,
        i == 0 ? "" : (last ? absl::StrCat(" ", wording.and_word, " ") : ", "));
    if (plain) {
      absl::StrAppend(&all,
                      ShowDecimal(typed.readings[i], wording.decimal_mark));
    } else if (!typed.mark.empty()) {
      const int decimals =
          typed.fault == TypedFault::kOtherCurrency ? form.decimals : 0;
      absl::StrAppend(&all,
                      ShowDecimal(WithDecimals(typed.readings[i], decimals),
                                  wording.decimal_mark),
                      " ", UnitInWords(wording, typed.mark, false));
    } else {
      absl::StrAppend(&all, Show(typed.readings[i], form, wording));
    }
  }
  return all;
}

absl::string_view SentenceOf(const TypedAmount& typed, const Wording& wording) {
  switch (typed.fault) {
    case TypedFault::kNone:
    case TypedFault::kEmpty:
      return wording.empty;
    case TypedFault::kUnreadable:
      return wording.unreadable;
    case TypedFault::kUnknown:
      return typed.readings.empty() ? wording.unknown_alone : wording.unknown;
    case TypedFault::kMarks:
      return wording.marks;
    case TypedFault::kTwoNumbers:
      return wording.two_numbers;
    case TypedFault::kOtherCurrency:
    case TypedFault::kOtherUnit:
      return wording.other;
    case TypedFault::kDecimals:
      return wording.decimals;
    case TypedFault::kNegative:
      return wording.negative;
    case TypedFault::kTooLarge:
      return wording.too_large;
  }
  return "";
}

}  // namespace

std::string ShowPercent(const Decimal& share, absl::string_view mark) {
  Decimal percent = share;
  for (int i = 0; i < 2; ++i) {
    if (percent.decimals > 0) {
      --percent.decimals;
    } else {
      percent.units *= 10;
    }
  }
  return absl::StrCat(ShowDecimal(percent, mark), " %");
}

std::string ShowAmount(const Decimal& number, const AmountForm& form,
                       absl::string_view language) {
  return Show(number, form, WordingFor(language));
}

std::string SayOfTyped(const TypedAmount& typed, const AmountForm& form,
                       absl::string_view name, absl::string_view language) {
  const Wording& wording = WordingFor(language);
  switch (typed.outcome) {
    case TypedOutcome::kWhich:
      return absl::Substitute(wording.which, name,
                              Show(typed.readings[0], form, wording),
                              Show(typed.readings[1], form, wording));
    case TypedOutcome::kAmount: {
      if (typed.plausible || !form.plausible.has_value()) {
        return "";
      }
      return absl::Substitute(
          typed.units < form.plausible->low ? wording.slip_low
                                            : wording.slip_high,
          name, Show({typed.units, form.decimals}, form, wording));
    }
    case TypedOutcome::kRefused:
      break;
  }
  return absl::Substitute(SentenceOf(typed, wording), name,
                          AskedFor(form, wording),
                          Understood(typed, form, wording));
}

std::string FaultSentence(const AmountForm& form) {
  return absl::StrCat("Please give ", AskedFor(form, WordingFor("en")), ".");
}

}  // namespace commonwage
