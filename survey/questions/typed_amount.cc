// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/typed_amount.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "survey/questions/internal/typed_clock.h"
#include "survey/questions/internal/typed_marks.h"
#include "survey/questions/internal/typed_number.h"
#include "survey/questions/internal/typed_tokens.h"

namespace commonwage {
namespace {

using Kind = TypedToken::Kind;

TypedAmount Refused(TypedFault fault, std::vector<Decimal> readings = {},
                    std::string mark = "") {
  TypedAmount refused;
  refused.fault = fault;
  refused.readings = std::move(readings);
  refused.mark = std::move(mark);
  return refused;
}

// What stands beside a number.
struct Beside {
  TypedFault fault = TypedFault::kNone;
  std::string mark;  // What `fault` means, as our tables write it.
  bool thousands = false;
  bool percent = false;
};

void TakeCurrency(absl::string_view word, const AmountForm& form,
                  Beside& beside) {
  const std::vector<std::string> codes = CurrenciesOf(word);
  const bool asked =
      form.kind == AmountForm::Kind::kMoney &&
      (absl::EqualsIgnoreCase(word, form.currency) ||
       std::find(codes.begin(), codes.end(), form.currency) != codes.end());
  if (asked || beside.fault == TypedFault::kUnknown) {
    return;
  }
  beside.fault =
      codes.empty() ? TypedFault::kUnknown : TypedFault::kOtherCurrency;
  beside.mark = codes.empty() ? "" : codes.front();
}

void TakeWord(absl::string_view word, bool behind_number,
              const AmountForm& form, Beside& beside) {
  if (behind_number && absl::EqualsIgnoreCase(word.substr(0, 1), "k") &&
      !beside.thousands && (word.size() == 1 || CurrenciesOf(word).empty()) &&
      UnitOfWord(word).empty() && word != form.unit &&
      (word.size() == 1 || !CurrenciesOf(word.substr(1)).empty())) {
    beside.thousands = true;
    word.remove_prefix(1);
    if (word.empty()) {
      return;
    }
  }
  const std::string unit = UnitOfWord(word);
  const bool its_own =
      !form.unit.empty() &&
      (absl::EqualsIgnoreCase(word, form.unit) ||
       absl::EqualsIgnoreCase(word, absl::StrCat(form.unit, "s")) ||
       unit == form.unit);
  if (its_own) {
    return;
  }
  if (unit.empty()) {
    TakeCurrency(word, form, beside);
  } else if (beside.fault != TypedFault::kUnknown) {
    beside.fault = TypedFault::kOtherUnit;
    beside.mark = unit;
  }
}

Beside BesideOf(const std::vector<TypedToken>& tokens, const AmountForm& form) {
  Beside beside;
  bool behind_number = false;
  for (const TypedToken& token : tokens) {
    const bool directly = std::exchange(behind_number, false);
    switch (token.kind) {
      case Kind::kNumber:
        behind_number = true;
        break;
      case Kind::kWord:
        TakeWord(token.word, directly, form, beside);
        break;
      case Kind::kPercent:
        if (form.kind == AmountForm::Kind::kShare && !beside.percent) {
          beside.percent = true;
        } else if (beside.fault != TypedFault::kUnknown) {
          beside.fault = TypedFault::kOtherUnit;
          beside.mark = std::string(1, '%');  // gcc 12 takes "%" amiss.
        }
        break;
      case Kind::kDash:
        break;
      case Kind::kColon:
      case Kind::kOther:
        beside.fault = TypedFault::kUnknown;
        break;
    }
  }
  return beside;
}

// Says whether the number is below 0; nullopt if dashes say nothing.
std::optional<bool> IsNegative(const std::vector<TypedToken>& tokens) {
  size_t before = 0;
  size_t behind = 0;
  bool seen_number = false;
  for (const TypedToken& token : tokens) {
    seen_number = seen_number || token.kind == Kind::kNumber;
    if (token.kind == Kind::kDash) {
      ++(seen_number ? behind : before);
    }
  }
  return behind > 0 || before > 1 ? std::nullopt
                                  : std::optional<bool>(before == 1);
}

// Applies what stands beside a number to a reading of it.
Decimal Applied(Decimal number, bool negative, const Beside& beside) {
  number.units = negative ? -number.units : number.units;
  for (int i = 0; beside.thousands && i < 3; ++i) {
    if (number.decimals > 0) {
      --number.decimals;
    } else {
      number.units *= 10;
    }
  }
  number.decimals += beside.percent ? 2 : 0;
  return Shortened(number);
}

// A share is of one, or of a hundred; groups of digits have none.
std::vector<Decimal> ShareReadings(std::vector<Decimal> numbers, bool percent) {
  numbers.erase(numbers.begin(), numbers.end() - 1);
  if (!percent && numbers.front().units != 0) {
    Decimal of_hundred = numbers.front();
    of_hundred.decimals += 2;
    numbers.push_back(Shortened(of_hundred));
  }
  return numbers;
}

// Says what keeps `number` from being an amount of the form.
TypedFault FaultOf(const Decimal& number, const AmountForm& form) {
  if (number.units < 0 && !form.takes_negative) {
    return TypedFault::kNegative;
  }
  if (UnitsOf(number, form.decimals).has_value()) {
    return TypedFault::kNone;
  }
  return Shortened(number).decimals > form.decimals ? TypedFault::kDecimals
                                                    : TypedFault::kTooLarge;
}

bool IsPlausible(const AmountForm& form, int64_t units) {
  return !form.plausible.has_value() ||
         (units >= form.plausible->low && units <= form.plausible->high);
}

// Takes the one reading that can be meant, or asks which.
TypedAmount Decide(std::vector<Decimal> readings, const AmountForm& form) {
  TypedAmount result;
  std::vector<int64_t> possible;
  std::vector<int64_t> good;
  for (const Decimal& reading : readings) {
    if (FaultOf(reading, form) == TypedFault::kNone) {
      possible.push_back(*UnitsOf(reading, form.decimals));
      if (IsPlausible(form, possible.back())) {
        good.push_back(possible.back());
      }
    }
  }
  const bool one = good.size() == 1 || readings.size() == 1;
  if (possible.empty()) {
    return Refused(FaultOf(readings.front(), form), readings);
  }
  result.outcome = one ? TypedOutcome::kAmount : TypedOutcome::kWhich;
  if (one) {
    result.units = good.empty() ? possible.front() : good.front();
    result.plausible = !good.empty();
    readings = {Shortened({result.units, form.decimals})};
  }
  result.readings = std::move(readings);
  return result;
}

// Returns every number in `tokens`; of one that can be two, the first.
std::vector<Decimal> NumbersIn(const std::vector<TypedToken>& tokens) {
  std::vector<Decimal> numbers;
  for (const TypedToken& token : tokens) {
    if (token.kind == Kind::kNumber) {
      const NumberReadings readings = ReadNumber(token.run);
      if (!readings.numbers.empty()) {
        numbers.push_back(readings.numbers.front());
      }
    }
  }
  return numbers;
}

// A number that its marks make none of is often two, with a blank between.
TypedAmount RefusedRun(const std::u32string& run) {
  std::vector<Decimal> numbers;
  size_t begin = 0;
  while (begin <= run.size()) {
    const size_t end = std::min(run.find(U' ', begin), run.size());
    const NumberReadings piece =
        ReadNumber(std::u32string_view(run).substr(begin, end - begin));
    if (piece.numbers.empty()) {
      return Refused(TypedFault::kMarks);
    }
    numbers.push_back(piece.numbers.front());
    begin = end + 1;
  }
  return numbers.size() > 1 ? Refused(TypedFault::kTwoNumbers, numbers)
                            : Refused(TypedFault::kMarks);
}

TypedAmount ReadOne(const std::vector<TypedToken>& tokens,
                    const std::u32string& run, const AmountForm& form) {
  NumberReadings readings = ReadNumber(run);
  const auto too_large = [](const Decimal& number) {
    return number.units > kMaxDecimalUnits;
  };
  if (readings.too_long || std::any_of(readings.numbers.begin(),
                                       readings.numbers.end(), too_large)) {
    return Refused(TypedFault::kTooLarge);
  }
  if (readings.numbers.empty()) {
    return RefusedRun(run);
  }
  const Beside beside = BesideOf(tokens, form);
  const std::optional<bool> negative = IsNegative(tokens);
  for (Decimal& number : readings.numbers) {
    number = Applied(number, negative.value_or(false), beside);
  }
  if (form.kind == AmountForm::Kind::kShare) {
    readings.numbers = ShareReadings(readings.numbers, beside.percent);
  }
  if (beside.fault != TypedFault::kNone || !negative.has_value()) {
    return Refused(negative.has_value() ? beside.fault : TypedFault::kUnknown,
                   readings.numbers, negative.has_value() ? beside.mark : "");
  }
  return Decide(std::move(readings.numbers), form);
}

}  // namespace

TypedAmount ReadTypedAmount(absl::string_view typed, const AmountForm& form) {
  const auto tokens = typed.size() <= kMaxTypedBytes
                          ? TokensOf(typed)
                          : std::optional<std::vector<TypedToken>>();
  if (!tokens.has_value()) {
    return Refused(TypedFault::kUnreadable);
  }
  if (tokens->empty()) {
    return Refused(TypedFault::kEmpty);
  }
  if (form.kind == AmountForm::Kind::kNumber && form.unit == "hour") {
    if (const auto hours = ReadClock(*tokens, form.decimals);
        hours.has_value()) {
      return Decide({*hours}, form);
    }
  }
  const auto is_number = [](const TypedToken& token) {
    return token.kind == Kind::kNumber;
  };
  const auto count = std::count_if(tokens->begin(), tokens->end(), is_number);
  if (count == 0) {
    return Refused(TypedFault::kUnknown);
  }
  if (count > 1) {
    return Refused(TypedFault::kTwoNumbers, NumbersIn(*tokens));
  }
  return ReadOne(*tokens,
                 std::find_if(tokens->begin(), tokens->end(), is_number)->run,
                 form);
}

}  // namespace commonwage
