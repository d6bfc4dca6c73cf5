// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/decimal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace commonwage {
namespace {

constexpr absl::string_view kNarrowSpace = "\u202f";

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}

// The digits of a number before its mark and behind it, without a sign.
struct Digits {
  std::string whole;
  std::string decimals;
};

Digits DigitsOf(const Decimal& number) {
  // The smallest integer has no positive twin.
  const uint64_t units = number.units < 0
                             ? uint64_t{0} - static_cast<uint64_t>(number.units)
                             : static_cast<uint64_t>(number.units);
  const auto decimals = static_cast<size_t>(number.decimals);
  std::string digits = absl::StrCat(units);
  if (digits.size() <= decimals) {
    digits.insert(0, decimals + 1 - digits.size(), '0');
  }
  const size_t split = digits.size() - decimals;
  return {digits.substr(0, split), digits.substr(split)};
}

}  // namespace

std::optional<Decimal> ParseDecimal(absl::string_view text, int max_decimals) {
  const bool negative = !text.empty() && text.front() == '-';
  text.remove_prefix(negative ? 1 : 0);
  const size_t point = std::min(text.find('.'), text.size());
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view decimals =
      point < text.size() ? text.substr(point + 1) : absl::string_view();
  const bool leading_zero = whole.size() > 1 && whole.front() == '0';
  if (whole.empty() || leading_zero || !AllDigits(whole) ||
      !AllDigits(decimals) || (point < text.size() && decimals.empty()) ||
      decimals.size() > static_cast<size_t>(max_decimals)) {
    return std::nullopt;
  }
  Decimal number;
  number.decimals = static_cast<int>(decimals.size());
  for (const char digit : absl::StrCat(whole, decimals)) {
    number.units = number.units * 10 + (digit - '0');
    if (number.units > kMaxDecimalUnits) {
      return std::nullopt;
    }
  }
  number.units = negative ? -number.units : number.units;
  return number;
}

std::optional<int64_t> UnitsOf(const Decimal& number, int decimals) {
  const Decimal shorter = Shortened(number);
  if (shorter.decimals > decimals) {
    return std::nullopt;
  }
  int64_t units = shorter.units;
  for (int i = shorter.decimals; i < decimals && units != 0; ++i) {
    if (units > kMaxDecimalUnits / 10 || units < -kMaxDecimalUnits / 10) {
      return std::nullopt;
    }
    units *= 10;
  }
  return units > kMaxDecimalUnits || units < -kMaxDecimalUnits
             ? std::nullopt
             : std::optional<int64_t>(units);
}

Decimal Shortened(Decimal number) {
  while (number.decimals > 0 && number.units % 10 == 0) {
    number.units /= 10;
    --number.decimals;
  }
  return number;
}

std::string WriteDecimal(const Decimal& number) {
  const Digits digits = DigitsOf(number);
  return absl::StrCat(number.units < 0 ? "-" : "", digits.whole,
                      number.decimals > 0 ? "." : "", digits.decimals);
}

std::string ShowDecimal(const Decimal& number, absl::string_view mark) {
  const Digits digits = DigitsOf(number);
  std::string shown = number.units < 0 ? "-" : "";
  for (size_t i = 0; i < digits.whole.size(); ++i) {
    const size_t left = digits.whole.size() - i;
    if (i > 0 && left % 3 == 0 && digits.whole.size() > 4) {
      absl::StrAppend(&shown, kNarrowSpace);
    }
    shown.push_back(digits.whole[i]);
  }
  return absl::StrCat(shown, number.decimals > 0 ? mark : "", digits.decimals);
}

}  // namespace commonwage
